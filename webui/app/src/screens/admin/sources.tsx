// All ways by which documents come in: whether each works, what came, what lies there; and setting them up.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { configuredSources, listSources, retrySource } from "../../api/sources";
import type { IntakeFolderKind, Source } from "../../api/types";
import { Button } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useNews } from "../../components/use_news";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";
import { BarcodeRulesPart } from "./barcode_rules";
import { FailedMails } from "./failed_mails";
import { EditIntakeFolder, IntakeFolderDialog } from "./intake_folder_dialog";
import { NetworkScanners } from "./network_scanners";
import { Failures, SourceCard } from "./source_card";

const newsPause = 5000; // milliseconds: each folder is looked through for it

export function Sources() {
  const loaded = useLoaded(listSources);
  const configured = useLoaded(configuredSources);
  useNews(() => { void loaded.reload(); void configured.reload(); }, newsPause);
  const [showing, setShowing] = useState<Source | null>(null);
  const [adding, setAdding] = useState<IntakeFolderKind | null>(null);
  const [editing, setEditing] = useState<number | null>(null);
  const text = tLater().sources;
  const roots = configured.data?.watch_roots ?? [];
  const retry = async (source: Source) => {
    setShowing(null);
    try {
      await retrySource(source);
      showToast(text.retryBegins);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  const card = (source: Source) => (
    <SourceCard key={`${source.kind} ${source.name} ${source.intake_folder}`} source={source} onRetry={() => void retry(source)} onShow={() => setShowing(source)}
      onEdit={source.intake_folder === null ? null : () => setEditing(source.intake_folder)} />
  );
  return (
    <>
      <div class="button-row"><p class="muted grow">{text.lead}</p><AsCsv path="/admin/sources" /></div>
      <Content of={loaded}>
        {(all) => {
          const cards = (kind: Source["kind"]) => {
            const some = all.filter((source) => source.kind === kind);
            return some.length > 0 && <ul class="cards">{some.map(card)}</ul>;
          };
          return (
            <>
              <Way title={text.byHand} lead={text.byHandLead} actions={<a class="button" href="/scan">{text.toScanning}</a>} />
              <Way title={text.watch} lead={text.watchLead(roots.join(", "))} actions={<Button icon="plus" onClick={() => setAdding("watch")}>{text.newWatch}</Button>}>{cards("watch")}</Way>
              <Way title={text.drop} lead={text.dropLead(`${location.origin}/dav/drop/`)} actions={<Button icon="plus" onClick={() => setAdding("drop")}>{text.newDrop}</Button>}>{cards("drop")}</Way>
              <Way title={text.mailbox} lead={text.mailboxLead} actions={<a class="button" href="/admin/mail">{text.toMailboxes}</a>}>{cards("mailbox")}</Way>
              <Way title={text.listener} lead={text.listenerLead} actions={<a class="button" href="/admin/mail">{text.toListener}</a>}>
                {cards("smtp") || <p class="muted small">{text.nobodyListens}</p>}
              </Way>
              <Way title={text.scan} lead={text.scanLead}>
                {cards("scan")}
                <p class="muted small">{text.buttons}</p>
              </Way>
            </>
          );
        }}
      </Content>
      <NetworkScanners />
      <BarcodeRulesPart />
      {adding && <IntakeFolderDialog kind={adding} folder={null} roots={roots} onClose={() => setAdding(null)} onSaved={loaded.reload} />}
      {editing !== null && <EditIntakeFolder id={editing} roots={roots} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
      {showing && (showing.mailbox === null
        ? <Failures source={showing} onClose={() => setShowing(null)} onRetry={() => void retry(showing)} />
        : <FailedMails mailbox={showing.mailbox} name={showing.name} onRetry={showing.state === "off" ? null : () => void retry(showing)} onClose={() => { setShowing(null); void loaded.reload(); }} />)}
    </>
  );
}

function Way({ title, lead, actions, children }: { title: string; lead: string; actions?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <section class="stack">
      <div class="button-row"><h2 class="grow">{title}</h2>{actions}</div>
      <p class="muted">{lead}</p>
      {children}
    </section>
  );
}
