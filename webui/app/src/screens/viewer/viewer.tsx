// An open document: its pages with the hits on them, and beside them what is known of it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, explain, explainProblem } from "../../api/client";
import { retryDocument } from "../../api/documents";
import type { Document } from "../../api/types";
import { Banner, Button, EmptyState, IconButton, Loading } from "../../components/controls";
import { Icon } from "../../components/icon";
import { later } from "../../components/later";
import { Menu, MenuItem } from "../../components/menu";
import { loadMore, t, tLater } from "../../i18n";
import { bindKeys } from "../../keys";
import { askedAgain, navigate, setQuery } from "../../router";
import { moveToTrash, restoreFromTrash } from "../../state/trash";
import { followOpenDocument, loadDocument, openDocument, openFailure, openProgress } from "../../state/document";
import { showDoubtful, showInfo, showThumbnails } from "../../state/preferences";
import { picked, unpick } from "../../state/search";
import { mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";
import { isWrittenAbout } from "../../state/writing";
import { copyText } from "../../components/copy";
import { useDoubtful } from "./doubtful";
import { useFinding } from "./find";
import { useEarlySteps, useHitSteps } from "./hit_steps";
import { doubtfulWords, hitNumber, totalHits } from "./hits";
import { nextZoom, zoomPercent, type Zoom } from "./layout";
import { Pages, type PagesHandle } from "./pages";
import { Thumbnails } from "./thumbnails";
import { Toolbar } from "./toolbar";

const UnlockForm = later(async () => (await import("../../components/unlock_form")).UnlockForm, null);
const Panel = later(async () => (await import("../panel/panel")).Panel, null);

const mostSheets = 100; // more pages are better printed from the PDF

/** What is looked for inside the document leads nowhere else. */
const stay = () => false;

interface Props {
  id: number;
  query: string;
  page: number;
  onClose: () => void;
  /** Goes to the next or previous document of the list; false where there is none. */
  onPastHits: (step: 1 | -1) => boolean;
}

export function Viewer(props: Props) {
  const { id, onClose } = props;
  useEffect(() => { void loadDocument(id); }, [id]);
  useEffect(() => followOpenDocument(), []);
  const open = openDocument.value;
  const isOpen = open?.id === id;
  useEarlySteps(id, isOpen);
  if (open && isOpen) return <OpenViewer key={id} {...props} document={open} />;
  const failure = openFailure.value;
  return (
    <section class="viewer" aria-label={t().viewer.label}>
      <div class="viewer-head"><IconButton icon="left" label={t().viewer.back} onClick={onClose} /><h1>{t().viewer.label}</h1></div>
      <div />
      {failure ? <Failure error={failure} onRetry={() => void loadDocument(id)} /> : <Loading />}
    </section>
  );
}

function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.problem.status === 404;
  return (
    <EmptyState icon="quarantine" danger title={gone ? t().errors.notFoundTitle : t().errors.title}
      actions={gone ? undefined : <Button icon="retry" onClick={onRetry}>{t().common.retry}</Button>}>
      {gone ? t().viewer.notFound : explain(error)}
    </EmptyState>
  );
}

function OpenViewer({ document, query, page: startPage, onClose, onPastHits }: Props & { document: Document }) {
  const { id, version, title, page_count: count } = document;
  const [page, setPage] = useState(Math.max(1, Math.min(startPage, Math.max(1, count))));
  const [zoom, setZoom] = useState<Zoom>("width");
  const [rotation, setRotation] = useState(0);
  const finding = useFinding(query);
  const { words, hits, current, counting, failed, countAgain, need, toHit } = useHitSteps(document, finding.query, page, finding.times > 0 ? stay : onPastHits);
  const pages = useRef<PagesHandle>(null);
  const [editing, setEditing] = useState<string | null>(null); // the field of the panel that is to have the focus
  const edit = (field: string) => () => {
    showInfo.value = true;
    setEditing(field);
  };

  const first = useRef(true);
  useLayoutEffect(() => {
    if (!first.current || startPage > 1) toPage(startPage);
    first.current = false;
  }, [startPage, askedAgain.value]);

  const toPage = (wanted: number) => {
    if (wanted >= 1 && wanted <= count) pages.current?.toPage(wanted);
  };
  const doubtful = useDoubtful(id, count, words);
  const printAll = () => void print(document, Array.from({ length: count }, (_, index) => index + 1));
  const zoomStep = (step: 1 | -1) => setZoom(nextZoom(pages.current?.shownWidth() ?? 794, step));
  const turn = () => setRotation((rotation + 90) % 360);
  const trash = () => {
    void moveToTrash([document]);
    unpick(id);
    onClose();
  };
  const changeable = mayChange(document);
  const describable = changeable && !document.on_hold;
  const picking = picked.value.size > 0; // then the bar of the selection has these keys

  useLayoutEffect(() => bindKeys({
    nextHit: () => toHit(1),
    previousHit: () => toHit(-1),
    ...(count > 0 && !document.locked ? { find: finding.begin } : {}),
    nextPage: () => toPage(page + 1),
    previousPage: () => toPage(page - 1),
    zoomIn: () => zoomStep(1),
    zoomOut: () => zoomStep(-1),
    fit: () => setZoom("width"),
    rotate: turn,
    nextDoubtful: () => void doubtful.step(1, page),
    previousDoubtful: () => void doubtful.step(-1, page),
    doubtful: () => { showDoubtful.value = !showDoubtful.value; },
    linkToPage: () => copyLink(id, page),
    ...(count > 0 && count <= mostSheets && !document.locked ? { print: printAll } : {}),
    ...(describable ? { editDate: edit("date") } : {}),
    ...(describable && !document.is_record ? { editTitle: edit("title") } : {}),
    ...(describable && !picking ? { editTags: edit("tags"), editCorrespondent: edit("correspondent"), editType: edit("type") } : {}),
    ...(changeable && !picking ? { trash } : {}),
    info: () => { showInfo.value = !showInfo.value; },
    open: () => pages.current?.focus(),
  }));
  useLayoutEffect(() => bindKeys({ saved: () => (isWrittenAbout(id) ? showInfo.value = true : showToast(t().common.saved)) }), []); // the panel's tabs have their own

  const body = `viewer-body ${showThumbnails.value && count > 1 ? "with-thumbs" : ""} ${showInfo.value ? "with-panel" : ""}`;
  return (
    <section class="viewer" aria-label={t().viewer.label}>
      <Head document={document} page={page} onPrint={(all) => (all ? printAll() : void print(document, [page]))} onClose={onClose} onTrash={trash} />
      <Toolbar page={page} count={Math.max(1, count)} onPage={toPage} zoom={zoom} shownZoom={zoomPercent(pages.current?.shownWidth() ?? 794)}
        onZoom={setZoom} onZoomStep={zoomStep} onRotate={turn}
        hits={finding.query ? { at: hitNumber(hits, current), all: totalHits(hits), counting, failed, countAgain, step: toHit } : null}
        finding={count > 0 && !document.locked ? finding : null} onFound={() => pages.current?.focus()}
        doubtful={{ here: doubtfulWords(words.get(page)?.lines ?? []).length, step: (step) => void doubtful.step(step, page) }} />
      <div class={body}>
        {showThumbnails.value && count > 1 && (
          <Thumbnails documentId={id} version={version} count={count} page={page} hits={hits} onPage={toPage} />
        )}
        <div class="viewer-pages">
          <Notice document={document} />
          {document.locked ? null : count > 0
            ? <Pages documentId={id} version={version} title={title} count={count} startPage={page} zoom={zoom} rotation={rotation} words={words}
                currentHit={current} currentDoubt={doubtful.at} onNear={need} onPage={setPage} handle={pages} />
            : document.medium === "physical"
            ? <EmptyState icon="records" title={title}>{t().common.onPaperOnly}</EmptyState>
            : document.state === "ready" && <EmptyState icon="documents" title={title} actions={
                <a class="button" href={`/api/v1/documents/${id}/original`} download><Icon name="download" size={18} />{t().viewer.original}</a>
              }>{t().viewer.noPages}</EmptyState>}
        </div>
        {showInfo.value && <Panel document={document} page={page} editing={editing} onEditing={() => setEditing(null)} />}
      </div>
    </section>
  );
}

function mayChange(document: Document): boolean {
  return mayEdit.value && document.may_change && !document.trashed_at;
}

function Head({ document, page, onPrint, onClose, onTrash }: {
  document: Document;
  page: number;
  onPrint: (all: boolean) => void;
  onClose: () => void;
  onTrash: () => void;
}) {
  const text = t().viewer;
  const base = `/api/v1/documents/${document.id}`;
  return (
    <div class="viewer-head">
      <IconButton icon="close" label={text.back} onClick={onClose} />
      <h1 title={document.title}>{document.title || t().search.untitled}</h1>
      <Menu label={text.download} trigger={<Icon name="download" />}>
        {(close) => (
          <>
            {document.medium !== "physical" && <MenuItem icon="documents" href={`${base}/original`} download onSelect={close}>{text.original}</MenuItem>}
            {document.has_archive && <MenuItem icon="search" href={`${base}/archive`} download onSelect={close}>{text.archive}</MenuItem>}
            {document.has_text && <MenuItem icon="text" href={`${base}/text`} download onSelect={close}>{text.text}</MenuItem>}
          </>
        )}
      </Menu>
      {document.page_count > 0 && !document.locked && (
        <Menu label={text.print} trigger={<Icon name="print" />}>
          {(close) => (
            <>
              <MenuItem icon="documents" onSelect={() => { close(); onPrint(false); }}>{text.printPage}</MenuItem>
              {document.page_count > mostSheets
                ? document.has_archive && <MenuItem icon="download" href={`${base}/archive`} download onSelect={close}>{text.printLong}</MenuItem>
                : document.page_count > 1 && <MenuItem icon="print" onSelect={() => { close(); onPrint(true); }}>{text.printAll(document.page_count)}</MenuItem>}
            </>
          )}
        </Menu>
      )}
      <Menu label={t().common.more} trigger={<Icon name="more" />}>
        {(close) => (
          <>
            <MenuItem icon="spark" onSelect={() => { close(); navigate(`/?like=${document.id}`); }}>{text.moreLikeThis}</MenuItem>
            <MenuItem icon="copy" onSelect={() => { close(); copyLink(document.id); }}>{t().search.copyLink}</MenuItem>
            {document.page_count > 1 && <MenuItem icon="link" onSelect={() => { close(); copyLink(document.id, page); }}>{text.linkToPage}</MenuItem>}
            {mayEdit.value && !document.trashed_at && (
              <MenuItem icon="retry" onSelect={() => { close(); void readAgain(document.id); }}>{text.readAgain}</MenuItem>
            )}
            {mayChange(document) && !document.replaced_at && document.page_count > 0 && (
              <MenuItem icon="thumbnails" href={`/organise?doc=${document.id}`} onSelect={close}>{text.organise}</MenuItem>
            )}
            {mayChange(document) && <><hr /><MenuItem icon="trash" danger onSelect={() => { close(); onTrash(); }}>{text.toTrash}</MenuItem></>}
          </>
        )}
      </Menu>
    </div>
  );
}

async function readAgain(id: number): Promise<void> {
  try {
    await retryDocument(id);
    await loadMore();
    showToast(tLater().quarantine.retried);
  } catch (error) {
    showToast(explain(error));
  }
}

function copyLink(id: number, page = 1): void {
  copyText(`${window.location.origin}/?doc=${id}${page > 1 ? `&p=${page}` : ""}`);
}

async function print(document: Document, pages: readonly number[]): Promise<void> {
  await (await import("./print")).printPages(document, pages);
}

function Notice({ document }: { document: Document }) {
  const progress = openProgress.value;
  if (document.trashed_at) {
    return (
      <div class="viewer-note"><Banner kind="warn" icon="trash">{t().trash.inTrash}{" "}
        {mayEdit.value && <button type="button" class="link-button" onClick={() => void restoreFromTrash([document])}>{t().trash.restore}</button>}
      </Banner></div>
    );
  }
  if (document.state === "needs-password") {
    return <div class="viewer-note"><Banner kind="warn" icon="lock">{t().viewer.waitingPassword}<UnlockForm id={document.id} name={document.title} /></Banner></div>;
  }
  if (document.locked) {
    return (
      <div class="viewer-note"><Banner kind="warn" icon="lock">{t().viewer.lockedAgain}
        {mayEdit.value && document.may_change && (
          <UnlockForm id={document.id} name={document.title} onUnlocked={() => void loadDocument(document.id)} />
        )}
      </Banner></div>
    );
  }
  if (document.state === "quarantined") {
    return (
      <div class="viewer-note"><Banner kind="danger">{document.problem && explainProblem(document.problem)}{" "}
        <button type="button" class="link-button" onClick={() => setQuery({ doc: null, p: null })}>{t().common.close}</button>{" · "}
        <a href="/quarantine">{t().nav.quarantine}</a></Banner></div>
    );
  }
  if (document.state === "received" || document.state === "reading") {
    return (
      <div class="viewer-note"><Banner icon="clock">
        {progress ? t().viewer.readingPage(progress.page, progress.pages) : t().viewer.reading}
      </Banner></div>
    );
  }
  return null;
}
