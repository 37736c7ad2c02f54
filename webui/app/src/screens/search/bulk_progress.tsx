// How far the change of a whole list is, and what came of it.
import { useEffect, useState } from "preact/hooks";
import { fetchBulkChange, undoBulkChange } from "../../api/bulk";
import { explain, mayPass, whileAway } from "../../api/client";
import { cancelJob, isOpen } from "../../api/jobs";
import type { BulkReport } from "../../api/types";
import { Button, IconButton } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { bulkJob } from "../../state/bulk";
import { refreshResults } from "../../state/search";
import { showToast } from "../../state/toasts";

const askEvery = 400; // milliseconds

export function BulkProgress({ job }: { job: number }) {
  const [report, setReport] = useState<BulkReport | null>(null);
  const [why, setWhy] = useState(false);
  const text = tLater().bulk;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const ask = async () => {
      try {
        const now = await fetchBulkChange(job);
        if (ended) return;
        setReport(now);
        if (isOpen(now)) timer = setTimeout(() => void ask(), askEvery);
        else refreshResults(0);
      } catch (error) {
        if (ended) return;
        if (mayPass(error)) {
          timer = setTimeout(() => void ask(), whileAway); // the change goes on all the same
          return;
        }
        showToast(explain(error));
        bulkJob.value = null;
      }
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [job]);
  const undo = async () => {
    try {
      bulkJob.value = await undoBulkChange(job);
    } catch (error) {
      showToast(explain(error));
    }
  };
  if (!report) return null;
  const done = report.changed + report.unchanged + report.refused;
  const goesOn = isOpen(report);
  return (
    <div class="selection-bar">
      <span role="status">{goesOn ? text.going(formatNumber(done), formatNumber(report.documents)) : outcome(report)}</span>
      {goesOn && <progress max={report.documents} value={done} aria-label={text.title} />}
      {goesOn && <Button compact onClick={() => void cancelJob(job).catch((error: unknown) => showToast(explain(error)))}>{text.cancel}</Button>}
      {!goesOn && report.undoable && <Button compact icon="restore" onClick={() => void undo()}>{text.undo}</Button>}
      {!goesOn && report.refusals.length > 0 && <Button compact onClick={() => setWhy(true)}>{text.why}</Button>}
      {!goesOn && <IconButton icon="close" small label={text.close} onClick={() => { bulkJob.value = null; }} />}
      {why && (
        <Dialog title={text.refusedTitle} onClose={() => setWhy(false)}>
          {report.refused > report.refusals.length && <p class="muted">{text.first}</p>}
          <ul class="plain-list">
            {report.refusals.map(({ document, problem }) => (
              <li key={document.id}><div class="grow"><a href={`/?doc=${document.id}`}>{document.title}</a><div>{problem}</div></div></li>
            ))}
          </ul>
        </Dialog>
      )}
    </div>
  );
}

function outcome({ state, changed, unchanged, refused, problem }: BulkReport): string {
  const text = tLater().bulk;
  return [
    state === "cancelled" ? text.cancelled : "",
    problem ? text.failed(problem) : "",
    text.done(formatNumber(changed)),
    unchanged > 0 ? text.unchanged(formatNumber(unchanged)) : "",
    refused > 0 ? text.refused(formatNumber(refused)) : "",
  ].filter(Boolean).join(" · ");
}
