// Changing documents that were picked or dropped: all at once by the service, told, and taken back as one.
import { bulkDone, changeDocuments, undoBulkChange } from "../../api/bulk";
import { explain } from "../../api/client";
import type { BulkChange, BulkReport } from "../../api/types";
import { loadMore, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { loadDocument, openDocument } from "../../state/document";
import { refreshResults } from "../../state/search";
import { showToast } from "../../state/toasts";

/** `told`: what is said of so many that were changed. Returns when all are. */
export async function changeAndTell(ids: readonly number[], change: BulkChange, told: (n: number, shown: string) => string): Promise<BulkReport> {
  await loadMore();
  const report = await changeDocuments(ids, change);
  const { job, changed, refused, refusals, undoable } = report;
  const done = changed > 0 ? told(changed, formatNumber(changed)) : "";
  const why = refused > 0 ? `${tLater().bulk.refused(formatNumber(refused))}: ${refusals[0]?.problem ?? ""}` : "";
  const said = [done, why].filter(Boolean).join(". ") || tLater().bulk.unchanged(formatNumber(report.unchanged));
  showToast(said, undoable ? () => void takeBack(job, ids) : undefined);
  refresh(ids);
  return report;
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
