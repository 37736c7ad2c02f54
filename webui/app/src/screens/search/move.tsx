// Moving documents to a class or folder: by a dialog, or by dropping rows on a place. Both can be undone.
import { bulkDone, changeDocuments, undoBulkChange } from "../../api/bulk";
import { explain } from "../../api/client";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { loadDocument, openDocument } from "../../state/document";
import { refreshResults } from "../../state/search";
import { showToast } from "../../state/toasts";
import { filing, PlaceDialog, type ChosenPlace } from "../records/place";

export async function moveDocuments(ids: readonly number[], place: ChosenPlace, name: string): Promise<void> {
  const { job, changed, refused, refusals, undoable } = await changeDocuments(ids, filing(place));
  const text = tLater().places;
  const done = changed > 0 ? text.moved(changed, formatNumber(changed), name) : "";
  const why = refused > 0 ? `${text.notMoved(refused, formatNumber(refused))}: ${refusals[0]?.problem ?? ""}` : "";
  const said = [done, why].filter(Boolean).join(". ");
  if (said) showToast(said, undoable ? () => void takeBack(job, ids) : undefined);
  refresh(ids);
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
