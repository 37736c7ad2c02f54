// Moving documents to a class or folder: by a dialog, or by dropping rows on a place. Both can be undone.
import { bulkDone, changeDocuments, undoBulkChange } from "../../api/bulk";
import { explain } from "../../api/client";
import type { BulkChange } from "../../api/types";
import { loadMore, t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { loadDocument, openDocument } from "../../state/document";
import { pickNone, refreshResults } from "../../state/search";
import { showToast } from "../../state/toasts";
import { filing, PlaceDialog, type ChosenPlace } from "../records/place";

export async function moveDocuments(ids: readonly number[], place: ChosenPlace, name: string): Promise<void> {
  await changeAndTell(ids, filing(place), name);
}

async function changeAndTell(ids: readonly number[], change: BulkChange, name: string): Promise<void> {
  await loadMore();
  const { job, changed, refused, refusals, undoable } = await changeDocuments(ids, change);
  const text = tLater().places;
  const done = changed > 0 ? text.moved(changed, formatNumber(changed), name) : "";
  const why = refused > 0 ? `${text.notMoved(refused, formatNumber(refused))}: ${refusals[0]?.problem ?? ""}` : "";
  const said = [done, why].filter(Boolean).join(". ");
  if (said) showToast(said, undoable ? () => void takeBack(job, ids) : undefined);
  pickNone();
  refresh(ids);
}

/** What dropping rows on a value of the filters does: they are filed in that class, or carry that tag. */
export async function dropOn(facet: "class" | "tag", id: number, name: string, ids: readonly number[]): Promise<void> {
  try {
    await changeAndTell(ids, facet === "class" ? filing({ class: id }) : { add_tags: [id] }, name);
  } catch (error) {
    showToast(explain(error));
  }
}

async function takeBack(job: number, ids: readonly number[]): Promise<void> {
  try {
    await bulkDone(await undoBulkChange(job));
  } catch (error) {
    showToast(explain(error));
  }
  refresh(ids);
}

function refresh(ids: readonly number[]): void {
  refreshResults(0);
  const open = openDocument.value?.id;
  if (open !== undefined && ids.includes(open)) void loadDocument(open);
}

export function MoveDialog({ documents, onClose }: { documents: readonly number[]; onClose: () => void }) {
  return (
    <PlaceDialog title={`${tLater().places.move}: ${t().common.documents(documents.length, formatNumber(documents.length))}`} onClose={onClose}
      onSave={(place, _, name) => moveDocuments(documents, place, name)} />
  );
}
