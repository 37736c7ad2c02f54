// Files that were brought to a class or folder, and taking them to the inbox instead.
import { changeDocuments } from "../api/bulk";
import { explain } from "../api/client";
import { loadMore, tLater } from "../i18n";
import { formatNumber } from "../i18n/format";
import { showToast } from "./toasts";
import type { UploadPlace } from "./upload_place";
import { changeUpload, uploadOf } from "./uploads";

/** Says where they go, with a way back. */
export async function tellOfPlace(keys: readonly string[], place: UploadPlace): Promise<void> {
  const placed = keys.filter((key) => uploadOf(key)?.place && uploadOf(key)?.state !== "failed");
  if (placed.length === 0) return;
  await loadMore();
  showToast(tLater().uploads.placed(placed.length, formatNumber(placed.length), place.name), () => unplace(placed));
}

async function unplace(keys: readonly string[]): Promise<void> {
  const here: number[] = [];
  for (const key of keys) {
    const item = uploadOf(key);
    if (!item?.place) continue;
    changeUpload(key, { place: null });
    if (item.documentId && item.state !== "duplicate") here.push(item.documentId);
  }
  await toInbox(here);
  showToast(tLater().uploads.unplaced);
}

/** To be called when the file of a place has come: it may have been meant for the inbox since. */
export async function arrived(key: string, document: number): Promise<void> {
  if (uploadOf(key)?.place === null) await toInbox([document]).catch((error: unknown) => showToast(explain(error)));
}

async function toInbox(documents: readonly number[]): Promise<void> {
  if (documents.length > 0) await changeDocuments(documents, { class: null, folder: null });
}
