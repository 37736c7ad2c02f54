// What looks after the archive: checking everything, a copy of it, a new index, removing leftover files. Each is a job that goes on
// without this page.
import { useEffect, useState } from "preact/hooks";
import { explainProblem } from "../../api/client";
import { startBackup, startReindex, startSweep, startVerify } from "../../api/admin";
import { cancelJob, fetchJob, isOpen, lastJob } from "../../api/jobs";
import type { Job } from "../../api/types";
import { Button, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Icon, type IconName } from "../../components/icon";
import { tLater } from "../../i18n";
import { formatAgo, formatNumber } from "../../i18n/format";
import { stageOf } from "../job_stage";
import { attempt } from "../records/parts";

const askEvery = 1000; // milliseconds
const works = ["verify", "backup", "reindex", "sweep"] as const;
type Work = (typeof works)[number];
const icons: Record<Work, IconName> = { verify: "check", backup: "download", reindex: "retry", sweep: "trash" };
const starts = { verify: startVerify, reindex: startReindex, sweep: startSweep };

export function Upkeep() {
  const [last, setLast] = useState<Partial<Record<Work, Job>>>({});
  const [copying, setCopying] = useState(false);
  const text = tLater().upkeep;
  const note = (jobs: readonly Job[]) => setLast((before) => {
    const newer = jobs.filter((job) => job.id >= (before[job.kind as Work]?.id ?? 0)); // one may have begun since it was asked
    return { ...before, ...Object.fromEntries(newer.map((job) => [job.kind, job])) };
  });
  useEffect(() => {
    void attempt(async () => {
      note((await Promise.all(works.map(lastJob))).flatMap((job) => job ?? []));
    });
  }, []);
  const open = works.flatMap((work) => last[work] ?? []).filter(isOpen);
  useEffect(() => { // there is no news of these jobs; while the service is away it is asked again
    if (open.length === 0) return undefined;
    const timer = setTimeout(async () => note(await Promise.all(open.map(({ id }) => fetchJob(id))).catch(() => [])), askEvery);
    return () => clearTimeout(timer);
  }, [last]);
  const begun = async (job: number) => note([await fetchJob(job)]);
  const begin = (work: Work) => {
    if (work === "backup") return setCopying(true);
    void attempt(async () => begun(await starts[work]()));
  };
  return (
    <section aria-labelledby="upkeep-title">
      <h2 class="section-title" id="upkeep-title">{text.title}</h2>
      <ul class="cards">
        {works.map((work) => {
          const job = last[work];
          return (
            <li key={work} class="card" data-work={work} data-state={job?.state}>
              <span class="muted"><Icon name={icons[work]} size={24} /></span>
              <div>
                <div class="name">{text.names[work]}</div>
                <p class="muted small">{text.helps[work]}</p>
                <div role="status">{job && <Outcome job={job} />}</div>
              </div>
              <div class="actions">
                {job !== undefined && isOpen(job) && <Button onClick={() => void attempt(async () => { await cancelJob(job.id); await begun(job.id); })}>{tLater().activity.cancel}</Button>}
                <Button disabled={job !== undefined && isOpen(job)} onClick={() => begin(work)}>{text.begin[work]}</Button>
              </div>
            </li>
          );
        })}
      </ul>
      {copying && <BackupDialog onClose={() => setCopying(false)} onBegun={begun} />}
    </section>
  );
}

function BackupDialog({ onClose, onBegun }: { onClose: () => void; onBegun: (job: number) => Promise<void> }) {
  const [directory, setDirectory] = useState("");
  const text = tLater().upkeep;
  return (
    <FormDialog title={text.names.backup} action={text.begin.backup} onClose={onClose} onSave={async () => onBegun(await startBackup(directory.trim()))}>
      {(problem) => (
        <TextField label={text.directory} hint={text.directoryHint} name="directory" required value={directory} onInput={setDirectory} error={problem("directory")} />
      )}
    </FormDialog>
  );
}

function Outcome({ job }: { job: Job }) {
  const states = { queued: "", running: "accent", waiting: "warn", done: "ok", failed: "danger", cancelled: "" };
  const result = job.result ?? {};
  const unsound = job.state === "done" && result["sound"] === false;
  return (
    <>
      <span class={`badge ${unsound ? "danger" : states[job.state]}`}>{unsound ? tLater().upkeep.unsound : tLater().activity.states[job.state]}</span>{" "}
      <span class="muted small">{formatAgo(job.finished_at ?? job.created_at)}</span>
      {job.state === "running" && <span class="small">{stageOf(job)}</span>}
      {job.state === "running" && job.pages > 0 && <progress aria-label={tLater().upkeep.names[job.kind as Work]} value={job.page} max={job.pages} />}
      {job.problem && <p class="small">{explainProblem(job.problem)}</p>}
      {job.state === "done" && <Result job={job} result={result} />}
    </>
  );
}

function Result({ job, result }: { job: Job; result: { [name: string]: unknown } }) {
  const text = tLater().upkeep;
  const number = (name: string) => formatNumber(Number(result[name] ?? 0));
  if (job.kind === "backup") return <p class="small">{text.copied(number("blobs"), number("blobs_copied"))}</p>;
  if (job.kind === "reindex") return <p class="small">{text.indexed(number("documents"))}</p>;
  if (job.kind === "sweep") {
    return <p class="small">{text.swept(number("removed"), number("waiting"))}{result["paused"] === true && ` ${text.sweepPaused}`}</p>;
  }
  const findings = Array.isArray(result["findings"]) ? result["findings"].map(String) : [];
  return (
    <>
      <p class="small">{text.checked(number("blobs"), number("documents"), number("audit_entries"))}</p>
      {findings.length > 0 && (
        <>
          <p class="small">{text.found(number("finding_count"))}</p>
          <ul class="small" lang="en">{findings.map((finding) => <li key={finding}>{finding}</li>)}</ul>
        </>
      )}
    </>
  );
}
