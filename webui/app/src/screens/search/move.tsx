// Moving documents to a class or folder: by a dialog, or by dropping rows on a place. Both can be undone.
import { explain } from "../../api/client";
import { loadMore, t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { isWholeList, pickNone } from "../../state/search";
import { showToast } from "../../state/toasts";
import { filing, PlaceDialog, type ChosenPlace } from "../records/place";
import { changeAndTell, changeWholeList } from "./change";

export async function moveDocuments(ids: readonly number[], place: ChosenPlace, name: string): Promise<void> {
  await changeAndTell(ids, filing(place), (n, shown) => tLater().places.moved(n, shown, name));
  pickNone();
}

/** What dropping rows on a place or a tag does: they are filed there, or carry it. */
export async function dropOn(on: "class" | "folder" | "tag", id: number, name: string, ids: readonly number[]): Promise<void> {
  await loadMore();
  try {
    const place: ChosenPlace | null = on === "tag" ? null : on === "folder" ? { folder: id } : { class: id };
    if (isWholeList(ids)) return await changeWholeList(place ? filing(place) : { add_tags: [id] });
    if (place) return await moveDocuments(ids, place, name);
    await changeAndTell(ids, { add_tags: [id] }, (n, shown) => tLater().bulk.tagged(n, shown, name));
    pickNone();
  } catch (error) {
    showToast(explain(error));
  }
}

export function MoveDialog({ documents, onClose }: { documents: readonly number[]; onClose: () => void }) {
  return (
    <PlaceDialog title={`${tLater().places.move}: ${t().common.documents(documents.length, formatNumber(documents.length))}`} onClose={onClose}
      onSave={(place, _, name) => moveDocuments(documents, place, name)} />
  );
}
