import { useState } from "preact/hooks";
import { explain, explainProblem } from "../api/client";
import { fileWithoutText, listQuarantine, retryDocument } from "../api/documents";
import type { QuarantineItem } from "../api/types";
import { Button, EmptyState } from "../components/controls";
import { AsCsv } from "../components/download";
import { Icon } from "../components/icon";
import { MoreParts } from "../components/more_parts";
import { Screen } from "../components/screen";
import { UnlockForm } from "../components/unlock_form";
import { useNews } from "../components/use_news";
import { useParts } from "../components/use_parts";
import { tLater } from "../i18n";
import { formatAgo, formatNumber } from "../i18n/format";
import { refreshCounts } from "../state/counts";
import { retryAll, type Retried } from "../state/retry_all";
import { mayEdit } from "../state/session";
import { showToast } from "../state/toasts";

const onePart = 100; // with more on the screen, news does not take them away

export function QuarantineScreen() {
  const documents = useParts(listQuarantine, "");
  const [busy, setBusy] = useState(false);
  const text = tLater().quarantine;
  useNews(() => { if (!documents.items || documents.items.length <= onePart) void documents.reload(); });
  const changed = async () => {
    await documents.reload();
    refreshCounts();
  };
  const retryEach = async () => {
    setBusy(true);
    try {
      showToast(toldOf(await retryAll()));
    } catch (error) {
      showToast(explain(error));
    }
    setBusy(false);
    await changed();
  };
  return (
    <Screen title={text.title} lead={text.lead} actions={
      <>
        {mayEdit.value && documents.items && documents.items.length > 1 && <Button icon="retry" disabled={busy} onClick={() => void retryEach()}>{tLater().lists.retryAll}</Button>}
        <AsCsv path="/quarantine" />
      </>
    }>
      <MoreParts of={documents}>
        {(items) => items.length === 0
          ? <EmptyState icon="check" title={text.emptyTitle}>{text.emptyHelp}</EmptyState>
          : <ul class="cards">{items.map((item) => <Item key={item.document.id} item={item} onChange={changed} />)}</ul>}
      </MoreParts>
    </Screen>
  );
}

function toldOf({ again, refused, why }: Retried): string {
  const done = again > 0 || refused === 0 ? tLater().lists.retriedAll(again) : "";
  return [done, refused > 0 ? `${tLater().bulk.refused(formatNumber(refused))}: ${why}` : ""].filter(Boolean).join(". ");
}

function Item({ item: { document, problem, since }, onChange }: { item: QuarantineItem; onChange: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const text = tLater().quarantine;
  const locked = document.state === "needs-password";
  const act = async (action: (id: number) => Promise<void>, done: string) => {
    setBusy(true);
    try {
      await action(document.id);
      showToast(done);
    } catch (error) {
      showToast(explain(error));
    }
    setBusy(false);
    await onChange();
  };
  return (
    <li class="card" data-document={document.id}>
      <span class={`state ${locked ? "warn" : "danger"}`}><Icon name={locked ? "lock" : "quarantine"} size={24} /></span>
      <div>
        <a class="name" href={`/?doc=${document.id}`}>{document.title || document.filename}</a>
        <p>{locked ? text.locked : explainProblem(problem)}</p>
        <p class="muted small">{document.filename} · {text.since} {formatAgo(since)}</p>
      </div>
      <div class="actions">
        <a class="button compact" href={`/api/v1/documents/${document.id}/original`} download><Icon name="download" size={16} />{text.download}</a>
        {mayEdit.value && !locked && <Button compact icon="retry" disabled={busy} onClick={() => void act(retryDocument, text.retried)}>{text.retry}</Button>}
        {mayEdit.value && <Button compact disabled={busy} onClick={() => void act(fileWithoutText, text.filed)}>{text.fileWithoutText}</Button>}
      </div>
      {locked && mayEdit.value && <div class="wide"><UnlockForm id={document.id} name={document.title} onUnlocked={() => void onChange()} /></div>}
    </li>
  );
}
