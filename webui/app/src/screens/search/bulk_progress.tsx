// How far the change of many documents is, and what came of it.
import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { fetchBulkChange, undoBulkChange } from "../../api/bulk";
import { explain, mayPass, whileAway } from "../../api/client";
import { cancelJob, isOpen } from "../../api/jobs";
import type { BulkReport } from "../../api/types";
import { Button, IconButton } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { tLater } from "../../i18n";
import type { MoreMessages } from "../../i18n/more_en";
import { formatNumber } from "../../i18n/format";
import { bulkJob } from "../../state/bulk";
import { refreshResults } from "../../state/search";
import { showToast } from "../../state/toasts";

const askEvery = 400; // milliseconds

/** Of the change of a whole list. */
export function BulkProgress({ job }: { job: number }) {
  return <ChangeProgress job={job} shown={bulkJob} words={tLater().bulk} onOver={() => refreshResults(0)} />;
}

/** `shown` holds the job; it is empty once the result has been put away. `onOver` is called when the change has ended. */
export function ChangeProgress({ job, shown, words, onOver }: {
  job: number;
  shown: Signal<number | null>;
  words: Pick<MoreMessages["bulk"], "title" | "going" | "done">;
  onOver: () => void;
}) {
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
        else onOver();
      } catch (error) {
        if (ended) return;
        if (mayPass(error)) {
          timer = setTimeout(() => void ask(), whileAway); // the change goes on all the same
          return;
        }
        showToast(explain(error));
        shown.value = null;
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
      shown.value = await undoBulkChange(job);
    } catch (error) {
      showToast(explain(error));
    }
  };
  if (!report) return null;
  const done = report.changed + report.unchanged + report.refused;
  const goesOn = isOpen(report);
  return (
    <div class="selection-bar">
      <span role="status">{goesOn ? words.going(formatNumber(done), formatNumber(report.documents)) : outcome(report, words.done)}</span>
      {goesOn && <progress max={report.documents} value={done} aria-label={words.title} />}
      {goesOn && <Button compact onClick={() => void cancelJob(job).catch((error: unknown) => showToast(explain(error)))}>{text.cancel}</Button>}
      {!goesOn && report.undoable && <Button compact icon="restore" onClick={() => void undo()}>{text.undo}</Button>}
      {!goesOn && report.refusals.length > 0 && <Button compact onClick={() => setWhy(true)}>{text.why}</Button>}
      {!goesOn && <IconButton icon="close" small label={text.close} onClick={() => { shown.value = null; }} />}
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

function outcome({ state, changed, unchanged, refused, problem }: BulkReport, told: (n: string) => string): string {
  const text = tLater().bulk;
  return [
    state === "cancelled" ? text.cancelled : "",
    problem ? text.failed(problem) : "",
    told(formatNumber(changed)),
    unchanged > 0 ? text.unchanged(formatNumber(unchanged)) : "",
    refused > 0 ? text.refused(formatNumber(refused)) : "",
  ].filter(Boolean).join(" · ");
}
