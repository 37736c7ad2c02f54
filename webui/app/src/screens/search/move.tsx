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

/** What dropping rows on a value of the filters does: they are filed in that class, or carry that tag. */
export async function dropOn(facet: "class" | "tag", id: number, name: string, ids: readonly number[]): Promise<void> {
  await loadMore();
  try {
    if (isWholeList(ids)) return await changeWholeList(facet === "class" ? filing({ class: id }) : { add_tags: [id] });
    if (facet === "class") return await moveDocuments(ids, { class: id }, name);
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
