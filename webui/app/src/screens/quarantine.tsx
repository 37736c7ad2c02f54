import { useState } from "preact/hooks";
import { beginRetryOfAll } from "../api/bulk";
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
import { formatAgo } from "../i18n/format";
import { retryJob } from "../state/bulk";
import { refreshCounts } from "../state/counts";
import { mayEdit } from "../state/session";
import { showToast } from "../state/toasts";
import { ChangeProgress } from "./search/bulk_progress";

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
  const retryAll = async () => {
    setBusy(true);
    try {
      retryJob.value = await beginRetryOfAll();
    } catch (error) {
      showToast(explain(error));
    }
    setBusy(false);
  };
  return (
    <Screen title={text.title} lead={text.lead} actions={
      <>
        {mayEdit.value && documents.items && documents.items.length > 1 && <Button icon="retry" disabled={busy} onClick={() => void retryAll()}>{tLater().lists.retryAll}</Button>}
        <AsCsv path="/quarantine" />
      </>
    }>
      {retryJob.value !== null && <ChangeProgress key={retryJob.value} job={retryJob.value} shown={retryJob} words={tLater().lists.retrying} onOver={() => void changed()} />}
      <MoreParts of={documents}>
        {(items) => items.length === 0
          ? <EmptyState icon="check" title={text.emptyTitle}>{text.emptyHelp}</EmptyState>
          : <ul class="cards">{items.map((item) => <Item key={item.document.id} item={item} onChange={changed} />)}</ul>}
      </MoreParts>
    </Screen>
  );
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
