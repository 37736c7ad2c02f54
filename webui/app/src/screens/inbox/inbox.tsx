// The inbox: what waits at the left, the page in the middle, the form at the right; a phone shows the list or one document.
import { useEffect, useLayoutEffect } from "preact/hooks";
import type { DocumentListItem } from "../../api/types";
import { explain } from "../../api/client";
import { Banner, Button, EmptyState, Loading } from "../../components/controls";
import { t, tLater } from "../../i18n";
import { formatAgo, formatNumber } from "../../i18n/format";
import { bindKeys } from "../../keys";
import { location } from "../../router";
import { hasMore, inboxFailure, inboxState, lookAgain, lookForMore, openInbox, queue, showWaiting } from "../../state/inbox";
import { drafts } from "../../state/inbox_drafts";
import { nextAfter } from "./queue";
import { Work } from "./work";

const besides = matchMedia("(min-width: 1000px)"); // list and document stand beside each other

export function InboxScreen() {
  useEffect(openInbox, []);
  const { items } = queue.value;
  const id = Number(location.value.query.get("doc")) || null;
  const current = items.find((item) => item.id === id) ?? null;
  const ready = inboxState.value === "ready";
  useEffect(() => {
    if (!ready || current || !besides.matches) return;
    const first = nextAfter(queue.value, null);
    if (first) showWaiting(first.id, true);
  }, [ready, current, items]);
  useLayoutEffect(() => bindKeys({
    nextRow: () => step(current, 1),
    previousRow: () => step(current, -1),
    ...(current && !besides.matches ? { close: () => showWaiting(null) } : {}),
  }), [current, items]);

  const done = ready && !current && nextAfter(queue.value, null) === null;
  return (
    <div class={`inbox ${current ? "with-document" : ""}`}>
      <section class="inbox-list" aria-label={tLater().inbox.waiting}>
        <header>
          <h1>{tLater().inbox.title}</h1>
          {items.length > 0 && <span class="muted">{tLater().inbox.count(items.length, formatNumber(items.length), hasMore.value)}</span>}
        </header>
        {inboxFailure.value !== null && (
          <Banner kind="danger">{explain(inboxFailure.value)} <Button compact icon="retry" onClick={() => void lookForMore()}>{t().common.retry}</Button></Banner>
        )}
        {!ready && <Loading />}
        {items.length > 0 && <ol>{items.map((item) => <Waiting key={item.id} item={item} current={item === current} />)}</ol>}
      </section>
      {current && <Work key={current.id} id={current.id} />}
      {done && <div class="inbox-done"><Done /></div>}
    </div>
  );
}

function step(current: DocumentListItem | null, by: 1 | -1): void {
  const { items } = queue.value;
  const next = items[current ? items.indexOf(current) + by : 0];
  if (next) showWaiting(next.id, true);
}

function Waiting({ item, current }: { item: DocumentListItem; current: boolean }) {
  const text = tLater().inbox;
  return (
    <li class={current ? "current" : ""} data-document={item.id}>
      <a href={`/inbox?doc=${item.id}`} aria-current={current ? "true" : undefined}>{item.title || t().search.untitled}</a>
      <div class="meta">
        <span>{text.added(formatAgo(item.added_at))}</span>
        {queue.value.skipped.has(item.id) && <span class="badge">{text.skipped}</span>}
        {drafts.value.has(item.id) && <span class="badge accent">{text.begun}</span>}
        {item.low_confidence && <span class="badge warn" title={t().search.lowConfidenceHint}>{t().search.lowConfidence}</span>}
        {!item.has_text && <span class="badge">{t().search.noText}</span>}
      </div>
    </li>
  );
}

/** When nothing is left to look at. */
function Done() {
  const text = tLater().inbox;
  const { items, filed } = queue.value;
  const left = items.length;
  const told = filed > 0 ? text.filedCount(filed, formatNumber(filed)) : "";
  if (left === 0) return <EmptyState icon="inbox" title={`${text.empty} ${told}`.trim()}>{text.emptyHelp}</EmptyState>;
  return (
    <EmptyState icon="inbox" title={text.onlySkipped(left, formatNumber(left))} actions={<Button kind="primary" onClick={lookAgain}>{text.lookAgain}</Button>}>{told}</EmptyState>
  );
}
