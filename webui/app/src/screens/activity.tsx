import { useState } from "preact/hooks";
import { explain, explainProblem } from "../api/client";
import { cancelJob, isOpen, jobStates, listJobs, type JobsInState } from "../api/jobs";
import type { Job } from "../api/types";
import { Button, EmptyState, Select } from "../components/controls";
import { AsCsv } from "../components/download";
import { MoreParts } from "../components/more_parts";
import { Screen } from "../components/screen";
import { useNews } from "../components/use_news";
import { useParts } from "../components/use_parts";
import { tLater } from "../i18n";
import { formatAgo } from "../i18n/format";
import { mayEdit, mayOperate } from "../state/session";
import { showToast } from "../state/toasts";
import { AskedOfYou } from "./asked";
import { stageOf } from "./job_stage";

const onePart = 100; // with more on the screen, news does not take them away

export function ActivityScreen() {
  const [state, setState] = useState<JobsInState>("");
  const jobs = useParts((cursor) => listJobs(state, cursor), state);
  const text = tLater().activity;
  useNews(() => { if (!jobs.items || jobs.items.length <= onePart) void jobs.reload(); });
  const cancel = async (job: Job) => {
    try {
      await cancelJob(job.id);
    } catch (error) {
      showToast(explain(error));
    }
    await jobs.reload();
  };
  return (
    <Screen title={text.title} lead={text.lead} actions={<AsCsv path={state ? `/jobs?state=${state}` : "/jobs"} />}>
      <AskedOfYou />
      <div class="button-row">
        <Select label={tLater().lists.jobsIn} value={state} onChange={(chosen) => setState(jobStates.find((each) => each === chosen) ?? "")}
          options={[{ value: "", label: tLater().lists.allStates }, ...jobStates.map((value) => ({ value, label: value === "open" ? text.open : text.states[value] }))]} />
      </div>
      <MoreParts of={jobs}>
        {(all) => all.length === 0
          ? state ? <p class="muted">{tLater().lists.noJobs}</p> : <EmptyState icon="activity" title={text.emptyTitle}>{text.emptyHelp}</EmptyState>
          : (
            <>
              <JobTable title={text.open} jobs={all.filter(isOpen)} onCancel={(job) => void cancel(job)} />
              <JobTable title={text.finished} jobs={all.filter((job) => !isOpen(job))} />
            </>
          )}
      </MoreParts>
    </Screen>
  );
}

/** Reading and changes in bulk are for those who edit; what looks after the archive is for those who operate it. */
function mayCancel(job: Job): boolean {
  return (job.document !== null || job.kind === "bulk" ? mayEdit : mayOperate).value;
}

function JobTable({ title, jobs, onCancel }: { title: string; jobs: readonly Job[]; onCancel?: (job: Job) => void }) {
  const text = tLater().activity;
  if (jobs.length === 0) return null;
  return (
    <section>
      <h2 class="section-title">{title}</h2>
      <div class="table-wrap" tabIndex={0} role="region" aria-label={title}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{text.document}</th>
              <th scope="col">{text.job}</th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.when}</th>
              {onCancel && <th scope="col"><span class="visually-hidden">{text.cancel}</span></th>}
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.id} data-job={job.id}>
                <td>{job.document ? <a href={`/?doc=${job.document}`}>{job.title || `#${job.document}`}</a> : text.noDocument}</td>
                <td>{(text.kinds as Record<string, string>)[job.kind] ?? (tLater().imports.kinds as Record<string, string>)[job.kind] ?? job.kind}</td>
                <td><JobState job={job} /></td>
                <td class="nowrap">{formatAgo(job.created_at)}</td>
                {onCancel && <td><div class="actions">{mayCancel(job) && <Button compact onClick={() => onCancel(job)}>{text.cancel}</Button>}</div></td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function JobState({ job }: { job: Job }) {
  const kinds = { queued: "", running: "accent", waiting: "warn", done: "ok", failed: "danger", cancelled: "" };
  const stage = job.state === "running" ? stageOf(job) : "";
  return (
    <>
      <span class={`badge ${kinds[job.state]}`}>{tLater().activity.states[job.state]}</span>
      {stage && <div class="small muted">{stage}</div>}
      {job.state === "running" && job.pages > 0 && <progress aria-label={tLater().activity.state} value={job.page} max={job.pages} />}
      {job.problem && <div class="small muted">{explainProblem(job.problem)}</div>}
    </>
  );
}
