// Bringing in an existing archive: sending it, and what was brought in before.
import { useState } from "preact/hooks";
import { listArchiveImports, type ArchiveImport } from "../../api/archive_imports";
import { explain, isAbort } from "../../api/client";
import { isOpen } from "../../api/jobs";
import { Banner, Button, EmptyState, Field } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatAgo, formatNumber, formatSize } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { sendArchive, sending, stopSending } from "../../state/archive_upload";
import { showToast } from "../../state/toasts";
import { ArchiveImportView } from "./archive_import";

export function ArchiveImports() {
  const open = Number(location.value.query.get("import"));
  return open > 0 ? <ArchiveImportView key={open} id={open} /> : <Overview />;
}

function Overview() {
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const text = tLater().imports;
  const send = async (file: File) => {
    setProblem(undefined);
    try {
      const id = await sendArchive(file);
      if (location.value.path === "/admin/import") setQuery({ import: String(id) });
    } catch (error) {
      if (isAbort(error)) return;
      setProblem(explain(error));
      showToast(explain(error)); // the person may be elsewhere by now
    }
  };
  return (
    <>
      <p class="muted">{text.lead}</p>
      {sending.value ? <Sending /> : <Chooser problem={problem} onChoose={(file) => void send(file)} />}
      <Earlier />
    </>
  );
}

function Chooser({ problem, onChoose }: { problem: string | undefined; onChoose: (file: File) => void }) {
  const text = tLater().imports;
  return (
    <section class="stack">
      <Field label={text.file} error={problem}>
        {(control) => (
          <input {...control} class="input" type="file" accept=".zip,.tar,.tgz,.gz,.bz2,.xz,.zst,.7z"
            onChange={(event) => { const file = event.currentTarget.files?.[0]; if (file) onChoose(file); }} />
        )}
      </Field>
      <details>
        <summary>{text.howTo}</summary>
        <p>{text.listHelp}</p>
        <p>{text.paperlessHelp}</p>
      </details>
    </section>
  );
}

function Sending() {
  const text = tLater().imports;
  const state = sending.value;
  if (!state) return null;
  const words = text.sending(state.name, formatSize(state.sent), formatSize(state.size));
  return (
    <section class="stack">
      <progress aria-label={words} value={state.sent} max={state.size} />
      <p class="small">{words}</p>
      {state.interrupted && <Banner kind="warn">{text.interrupted}</Banner>}
      <div><Button icon="close" onClick={stopSending}>{text.stop}</Button></div>
    </section>
  );
}

function Earlier() {
  const loaded = useLoaded(listArchiveImports);
  const text = tLater().imports;
  return (
    <section class="stack" aria-labelledby="imports-title">
      <div class="button-row"><h2 class="section-title grow" id="imports-title">{text.before}</h2><AsCsv path="/archive-imports" /></div>
      <Content of={loaded}>
        {(all) => (all.length === 0 ? <EmptyState icon="folder" title={text.none}>{text.noneHelp}</EmptyState> : (
          <ul class="cards">
            {all.map((one) => (
              <li key={one.id} class="card">
                <span class="muted"><Icon name="folder" size={24} /></span>
                <div>
                  <div class="name">{one.name}</div>
                  <p class="muted small">{[standing(one), formatAgo(one.created_at), ...counts(one)].join(" · ")}</p>
                </div>
                <div class="actions"><a class="button compact" href={`/admin/import?import=${one.id}`} aria-label={`${text.open}: ${one.name}`}>{text.open}</a></div>
              </li>
            ))}
          </ul>
        ))}
      </Content>
    </section>
  );
}

/** In what state an import is, in words. */
export function standing({ stage, job }: ArchiveImport): string {
  const { stages } = tLater().imports;
  if (isOpen(job)) return stage === "preview" ? stages.previewOpen : stages.importOpen;
  if (job.state === "done") return stage === "preview" ? stages.previewDone : stages.importDone;
  if (job.state === "failed") return stage === "preview" ? stages.previewFailed : stages.importFailed;
  return stage === "preview" ? stages.previewCancelled : stages.importCancelled;
}

function counts(one: ArchiveImport): string[] {
  const { outcome } = tLater().imports;
  if (one.stage === "preview") return [];
  return (["taken_in", "there_already", "refused"] as const).filter((name) => one[name] > 0).map((name) => `${outcome[name]} ${formatNumber(one[name])}`);
}
