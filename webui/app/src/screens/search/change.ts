// Changing documents that were picked or dropped: all at once by the service, told, and taken back as one.
import { beginBulkChange, bulkDone, changeDocuments, undoBulkChange } from "../../api/bulk";
import type { BulkChange, BulkReport } from "../../api/types";
import { loadMore, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { bulkJob } from "../../state/bulk";
import { reloadIfOpen } from "../../state/document";
import { listQuery, pickNone, refreshResults } from "../../state/search";
import { showToast } from "../../state/toasts";
import { trashChanges } from "../../state/trash";

/** Of all that match, also what is not shown yet; it goes on by itself, and the list says how far it is. */
export async function changeWholeList(change: BulkChange): Promise<void> {
  bulkJob.value = await beginBulkChange(listQuery.value, change);
  pickNone();
}

/** `told`: what is said of so many that were changed. Returns when all are. */
export async function changeAndTell(ids: readonly number[], change: BulkChange, told: (n: number, shown: string) => string): Promise<BulkReport> {
  await loadMore();
  const report = await changeDocuments(ids, change);
  showToast(sayOf(report, told), report.undoable ? () => takeBack(report.job, ids) : undefined);
  refresh(ids);
  return report;
}

function sayOf({ changed, unchanged, refused, refusals }: BulkReport, told: (n: number, shown: string) => string): string {
  const done = changed > 0 ? told(changed, formatNumber(changed)) : "";
  const why = refused > 0 ? `${tLater().bulk.refused(formatNumber(refused))}: ${refusals[0]?.problem ?? ""}` : "";
  return [done, why].filter(Boolean).join(". ") || tLater().bulk.unchanged(formatNumber(unchanged));
}

async function takeBack(job: number, ids: readonly number[]): Promise<void> {
  try {
    const report = await bulkDone(await undoBulkChange(job));
    trashChanges.value += 1; // some may have come back from there
    showToast(sayOf(report, tLater().bulk.takenBack));
  } finally {
    refresh(ids);
  }
}

function refresh(ids: readonly number[]): void {
  refreshResults(0);
  for (const id of ids) void reloadIfOpen(id);
}
