import { useState } from "preact/hooks";
import type { DocumentListItem, Snippet } from "../../api/types";
import { Icon } from "../../components/icon";
import { memo } from "../../components/memo";
import { t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { dragIds, draggedDocuments, picked as pickedNow } from "../../state/search";

interface Props {
  document: DocumentListItem;
  href: string;
  current: boolean;
  picked: boolean;
  position: number; // in the list, from 1
  size: number; // of the list; -1 when nobody knows
  onPick: (document: DocumentListItem, range: boolean) => void; // with those since the last
  onOpen: (document: DocumentListItem, page: number) => void;
  language: string; // drawn anew when the language changes
}

export const Row = memo(function Row({ document, href, current, picked, position, size, onPick, onOpen }: Props) {
  const title = document.title || t().search.untitled;
  const open = (event: MouseEvent) => {
    const target = event.target as Element;
    if (target.closest("a,input,label")) return;
    if (event.shiftKey) return onPick(document, true);
    onOpen(document, document.snippets[0]?.page ?? 1);
  };
  const pick = (box: HTMLInputElement, range: boolean) => {
    onPick(document, range);
    box.checked = pickedNow.peek().has(document.id); // a row that stays as it was is not drawn anew
  };
  return (
    <li class={`row ${current ? "current" : ""} ${picked ? "picked" : ""}`} data-document={document.id} onClick={open} onMouseDown={(event) => { if (event.shiftKey) event.preventDefault(); /* no text is selected */ }}
      aria-posinset={position} aria-setsize={size} draggable onDragStart={(event) => event.dataTransfer?.setData(draggedDocuments, JSON.stringify(dragIds(document.id)))}>
      <label class="pick">
        <input type="checkbox" checked={picked} aria-label={t().search.selectRow(title)} onClick={(event) => pick(event.currentTarget, event.shiftKey)} />
      </label>
      <Thumbnail document={document} />
      <div>
        <a class="title" href={pageLink(href, document.snippets[0]?.page)} aria-current={current ? "true" : undefined}>{title}</a>
        <Meta document={document} />
        <Badges document={document} />
        {document.snippets.slice(0, 2).map((snippet) => <SnippetLine key={snippet.page} snippet={snippet} href={pageLink(href, snippet.page)} />)}
      </div>
    </li>
  );
});

function pageLink(href: string, page: number | undefined): string {
  return page && page > 1 ? `${href}&p=${page}` : href;
}

function Thumbnail({ document }: { document: DocumentListItem }) {
  const [failed, setFailed] = useState(false);
  const hasImage = document.page_count > 0 && !failed && document.state !== "needs-password";
  return (
    <span class="thumb">
      {hasImage
        ? <img src={`/api/v1/documents/${document.id}/thumbnail?v=${document.version}`} alt="" loading="lazy" decoding="async" onError={() => setFailed(true)} />
        : <Icon name={document.state === "needs-password" ? "lock" : document.state === "quarantined" ? "quarantine" : "documents"} size={22} />}
    </span>
  );
}

function Meta({ document }: { document: DocumentListItem }) {
  const date = document.document_date ?? document.added_at.slice(0, 10);
  return (
    <div class="meta">
      {document.correspondent && <span>{document.correspondent.name}</span>}
      {document.type && <span>{document.type.name}</span>}
      <span>{formatDate(date)}</span>
      {document.medium !== "digital" && <span class="badge">{t().common.onPaper}</span>}
      {document.page_count > 0 && <span>{t().common.pages(document.page_count)}</span>}
    </div>
  );
}

function Badges({ document }: { document: DocumentListItem }) {
  const text = t();
  const { state } = document;
  const noText = state === "ready" && !document.has_text && document.medium !== "physical"; // of paper alone nobody expects any
  const notable = state !== "ready" || document.low_confidence || noText || document.is_record || document.on_hold || document.checked_out;
  if (!notable && document.tags.length === 0) return null;
  const kind = state === "quarantined" ? "danger" : state === "needs-password" ? "warn" : "accent";
  return (
    <div class="badges">
      {state !== "ready" && <span class={`badge ${kind}`}>{text.states[state]}</span>}
      {state === "ready" && document.low_confidence && <span class="badge warn" title={text.search.lowConfidenceHint}>{text.search.lowConfidence}</span>}
      {noText && <span class="badge">{text.search.noText}</span>}
      {document.checked_out && <span class="badge warn" title={text.search.checkedOutBy(document.checked_out.by.name)}>{text.search.checkedOut}</span>}
      {document.on_hold && <span class="badge hold">{text.search.onHold}</span>}
      {document.is_record && <span class="badge accent">{text.search.isRecord}</span>}
      {document.tags.map((tag) => <span key={tag.id} class="badge">{tag.name}</span>)}
    </div>
  );
}

function SnippetLine({ snippet, href }: { snippet: Snippet; href: string }) {
  return (
    <a class="snippet" href={href}>
      <span class="where">{t().search.page(snippet.page)}</span>
      {snippet.parts.map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text))}
    </a>
  );
}

