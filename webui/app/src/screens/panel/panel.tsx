import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Document } from "../../api/types";
import { later } from "../../components/later";
import { t, tLater } from "../../i18n";
import { location } from "../../router";
import { corrections, notes } from "../../state/writing";
import { FileTab } from "./file_tab";
import { InfoTab } from "./info_tab";
import { NotesTab } from "./notes_tab";
import { TextTab } from "./text_tab";

const PaperTab = later(async () => (await import("../records/paper_tab")).PaperTab);
const RetentionTab = later(async () => (await import("../records/retention_tab")).RetentionTab);
const tabs = ["info", "text", "notes", "retention", "paper", "file"] as const;
type Tab = (typeof tabs)[number];

/** `editing`: the field that is to have the focus; `onEditing` is called once that is seen to. */
export function Panel({ document, page, editing, onEditing }: { document: Document; page: number; editing: string | null; onEditing: () => void }) {
  const [tab, setTab] = useState<Tab>(tabs.find((name) => name === location.value.query.get("tab")) ?? "info");
  const panel = useRef<HTMLElement>(null);

  useLayoutEffect(() => {
    if (editing === null) return;
    setTab("info");
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>(`[name="${editing}"]`)?.focus());
    onEditing();
  }, [editing]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? "info";
    setTab(next);
    panel.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };

  /** Esc leads from a field or a tab back to the pages, where keys are commands again. */
  const leave = (event: KeyboardEvent) => {
    const field = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("input,textarea,select,[role=tab]") : null;
    if (event.key !== "Escape" || event.defaultPrevented || !field) return;
    event.preventDefault();
    field.blur();
    panel.current?.parentElement?.querySelector<HTMLElement>(".pages")?.focus();
  };

  return (
    <aside ref={panel} class="panel" aria-label={t().panel.label} onKeyDown={leave}>
      <div class="tabs" role="tablist" aria-label={t().panel.label} onKeyDown={onKeyDown}>
        {tabs.map((name) => (
          <button key={name} type="button" id={`tab-${name}`} role="tab" aria-selected={tab === name} aria-controls="panel-body"
            tabIndex={tab === name ? 0 : -1} onClick={() => setTab(name)}>{t().panel.tabs[name]}{isUnsaved(name, document.id) && <Unsaved />}</button>
        ))}
      </div>
      <div class="panel-body" id="panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === "info" && <InfoTab document={document} />}
        {tab === "text" && <TextTab document={document} page={page} />}
        {tab === "notes" && <NotesTab document={document} />}
        {tab === "retention" && <RetentionTab document={document} />}
        {tab === "paper" && <PaperTab document={document} />}
        {tab === "file" && <FileTab document={document} />}
      </div>
    </aside>
  );
}

/** Whether something is being written on a tab, also while another is shown. */
function isUnsaved(tab: Tab, document: number): boolean {
  return (tab === "text" && corrections.value.has(document)) || (tab === "notes" && notes.value.has(document));
}

function Unsaved() {
  return <span title={tLater().writing.unsaved}> <span aria-hidden="true">•</span><span class="visually-hidden">({tLater().writing.unsaved})</span></span>;
}
