// One import: what was found when it was looked over, how far it is, and what became of its documents.
import type { ComponentChild } from "preact";
import { useEffect } from "preact/hooks";
import {
  fetchArchiveImport, forgetArchiveImport, importProblems, lookOverAgain, startArchiveImport,
  type ArchiveImportDetails, type ArchiveImportPreview,
} from "../../api/archive_imports";
import { explainProblem } from "../../api/client";
import { cancelJob, isOpen } from "../../api/jobs";
import { Banner, Button } from "../../components/controls";
import { AsCsv, Download } from "../../components/download";
import { MoreParts } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatNumber, formatSize } from "../../i18n/format";
import { translated } from "../../i18n/refusals";
import { navigate } from "../../router";
import { mayManagePlan } from "../../state/session";
import { attempt } from "../records/parts";
import { standing } from "./archive_imports";

const askEvery = 1000; // milliseconds

export function ArchiveImportView({ id }: { id: number }) {
  const loaded = useLoaded(() => fetchArchiveImport(id));
  const text = tLater().imports;
  const running = loaded.data !== null && isOpen(loaded.data.job);
  useEffect(() => { // there is no news of these jobs; while the service is away it is asked again
    if (!running) return undefined;
    const timer = setInterval(() => void loaded.reload(), askEvery);
    return () => clearInterval(timer);
  }, [running]);
  const act = (action: () => Promise<void>) => void attempt(async () => { await action(); await loaded.reload(); });
  return (
    <div class="stack">
      <div><a href="/admin/import">{text.back}</a></div>
      <Content of={loaded}>
        {(one) => (
          <>
            <h2 class="section-title">{one.name}</h2>
            <div role="status" data-stage={one.stage} data-state={one.job.state}>{standing(one)}</div>
            <Progress of={one} />
            {one.job.problem && <Banner kind="danger">{explainProblem(one.job.problem)}</Banner>}
            {one.stage === "import" && <Outcomes of={one} />}
            {one.preview && one.stage === "preview" && !running && <Preview of={one.preview} />}
            <Actions of={one} running={running} act={act} />
            {one.preview && !running && <Problems key={`${one.stage} ${one.job.id} ${one.job.state}`} id={id} />}
          </>
        )}
      </Content>
    </div>
  );
}

function Progress({ of: { name, job, stage } }: { of: ArchiveImportDetails }) {
  const text = tLater().imports;
  if (job.state !== "running") return null;
  return (
    <div>
      <progress aria-label={name} {...(job.pages > 0 ? { value: job.page, max: job.pages } : {})} />
      <p class="small">{stage === "preview" ? text.files(job.page, formatNumber(job.page)) : text.progress(formatNumber(job.page), formatNumber(job.pages))}</p>
    </div>
  );
}

function Actions({ of: one, running, act }: { of: ArchiveImportDetails; running: boolean; act: (action: () => Promise<void>) => void }) {
  const text = tLater().imports;
  const { id, stage, job, preview } = one;
  if (running) return <div class="button-row"><Button icon="close" onClick={() => act(() => cancelJob(job.id))}>{text.cancel}</Button></div>;
  const lacking = preview !== null && preview.new_fields.length > 0 && !mayManagePlan.value;
  const ready = preview !== null && (stage === "preview" ? job.state === "done" : job.state !== "done");
  const forget = () => void attempt(async () => { await forgetArchiveImport(id); navigate("/admin/import"); }, text.forgotten(one.name));
  return (
    <>
      {ready && lacking && <Banner kind="warn">{text.needsPlan}</Banner>}
      <div class="button-row">
        {ready && <Button kind="primary" icon="check" disabled={lacking} onClick={() => act(() => startArchiveImport(id))}>{stage === "preview" ? text.start : text.goOn}</Button>}
        {(stage === "preview" || (job.state !== "done" && one.taken_in + one.there_already === 0)) && <Button icon="retry" onClick={() => act(() => lookOverAgain(id))}>{text.again}</Button>}
        <Button icon="trash" onClick={forget}>{text.forget}</Button>
      </div>
    </>
  );
}

function Outcomes({ of }: { of: ArchiveImportDetails }) {
  const { outcome } = tLater().imports;
  return (
    <dl class="facts">
      <Fact name={outcome.taken_in}>{formatNumber(of.taken_in)}</Fact>
      <Fact name={outcome.there_already}>{formatNumber(of.there_already)}</Fact>
      <Fact name={outcome.refused}>{formatNumber(of.refused)}</Fact>
      <Fact name={outcome.waiting}>{formatNumber(of.waiting)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChild }) {
  return <><dt>{name}</dt><dd>{children}</dd></>;
}

function Preview({ of }: { of: ArchiveImportPreview }) {
  const text = tLater().imports;
  const { facts, made } = text;
  return (
    <dl class="facts">
      <Fact name={facts.kind}>{text.kinds[of.kind]}</Fact>
      <Fact name={facts.documents}>{text.documents(of.documents, formatNumber(of.documents), formatSize(of.bytes))}</Fact>
      <Fact name={facts.already}>{formatNumber(of.there_already)}</Fact>
      <Fact name={facts.problems}>{formatNumber(of.problems)}</Fact>
      {of.columns.length > 0 && <Fact name={facts.columns}>{of.columns.join(", ")}</Fact>}
      {of.unknown_columns.length > 0 && <Fact name={facts.unknown}><strong>{of.unknown_columns.join(", ")}</strong><div class="muted small">{text.columnsHelp}</div></Fact>}
      {(["types", "correspondents", "tags", "folders"] as const).map((what) => {
        const { count, names } = of[`new_${what}`];
        return count > 0 && <Fact key={what} name={made[what]}>{listed(names, count)}</Fact>;
      })}
      {of.new_fields.length > 0 && <Fact name={made.fields}>{of.new_fields.map(({ name, kind }) => `${name} (${tLater().fields.kinds[kind]})`).join(", ")}</Fact>}
      {of.left_out.length > 0 && <Fact name={facts.left}><ul>{of.left_out.map((what) => <li key={what}>{translated(what) ?? what}</li>)}</ul></Fact>}
    </dl>
  );
}

function listed(names: readonly string[], count: number): string {
  const shown = names.slice(0, 20);
  return shown.join(", ") + (count > shown.length ? ` ${tLater().imports.andMore(formatNumber(count - shown.length))}` : "");
}

function Problems({ id }: { id: number }) {
  const parts = useParts((cursor) => importProblems(id, cursor), String(id));
  const text = tLater().imports;
  return (
    <section class="stack">
      <div class="button-row">
        <h3 class="grow">{text.problems}</h3>
        <AsCsv path={`/archive-imports/${id}/documents?outcome=problem`} />
        <Download path={`/archive-imports/${id}/documents?format=csv`}>{text.all}</Download>
      </div>
      <MoreParts of={parts}>
        {(items) => (items.length === 0 ? <p class="muted">{text.noProblems}</p> : (
          <div class="table-wrap" tabIndex={0} role="region" aria-label={text.problems}>
            <table class="table">
              <thead><tr><th scope="col">{text.place}</th><th scope="col">{text.fileColumn}</th><th scope="col">{text.reason}</th></tr></thead>
              <tbody>
                {items.map((item, at) => (
                  <tr key={at}><td>{text.placeOf(item.place)}</td><td>{item.file}</td><td>{item.problem && (translated(item.problem) ?? item.problem)}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
      </MoreParts>
    </section>
  );
}
