// Files that were brought to a class or folder, and taking them to the inbox instead.
import type { ReadonlySignal } from "@preact/signals";
import { changeDocuments } from "../api/bulk";
import { explain } from "../api/client";
import { loadMore, tLater } from "../i18n";
import { formatNumber } from "../i18n/format";
import { showToast } from "./toasts";
import type { UploadPlace } from "./upload_place";
import { finalStates, type UploadItem } from "./upload_item";
import { changeUpload, uploadOf, uploadSignalOf } from "./uploads";

/** Says where they go, with a way back. */
export async function tellOfPlace(keys: readonly string[], place: UploadPlace): Promise<void> {
  const placed = keys.flatMap((key) => uploadSignalOf(key) ?? [])
    .filter(({ value: item }) => item.place?.field === place.field && item.place.id === place.id && item.state !== "failed");
  if (placed.length === 0) return;
  await loadMore();
  showToast(tLater().uploads.placed(placed.length, formatNumber(placed.length), place.name), () => unplace(placed));
}

/** Those too that are no longer in the list. */
async function unplace(placed: readonly ReadonlySignal<UploadItem>[]): Promise<void> {
  const here: number[] = [];
  let coming = 0;
  for (const item of placed) {
    const { key, place, state, documentId } = item.value;
    const isListed = uploadSignalOf(key) === item;
    if (!place) continue;
    if (isListed) changeUpload(key, { place: null });
    if (documentId && state !== "duplicate") here.push(documentId);
    else if (isListed && !finalStates.has(state)) coming += 1;
  }
  await toInbox(here);
  if (here.length + coming > 0) showToast(tLater().uploads.unplaced);
}

/** To be called when the file of a place has come: it may have been meant for the inbox since. */
export async function arrived(key: string, document: number): Promise<void> {
  if (uploadOf(key)?.place === null) await toInbox([document]).catch((error: unknown) => showToast(explain(error)));
}

async function toInbox(documents: readonly number[]): Promise<void> {
  if (documents.length > 0) await changeDocuments(documents, { class: null, folder: null });
}
