// The list of uploads at the foot of the page. It stays while the user goes elsewhere, and comes back after a reload.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../components/controls";
import { Icon } from "../../components/icon";
import { BlockHeights, blockSize, measureBlocks, spanNear } from "../../components/row_window";
import { UnlockForm } from "../../components/unlock_form";
import { t, tLater } from "../../i18n";
import { formatNumber, formatPercent, formatSize } from "../../i18n/format";
import { translated } from "../../i18n/refusals";
import { trayOpen } from "../../state/preferences";
import { restoreFromTrash } from "../../state/trash";
import { cancelUpload, clearDone, followAgain, keepBoth, mayKeepBoth, notSent, removeUpload, retryUpload, uploadKeys, uploadOf, uploadsDone } from "../../state/uploads";
import { elapsed, finalStates, progressOf, type UploadItem } from "../../state/upload_item";
import { chooseFiles } from "./choose";

export function UploadTray() {
  const count = uploadKeys.value.length;
  const open = trayOpen.value;
  const text = t().upload;
  const tray = useRef<HTMLElement>(null);
  useEffect(() => leaveRoomFor(tray.current), []);
  return (
    <section ref={tray} class="tray" aria-labelledby="tray-title">
      <header>
        <h2 id="tray-title">{text.summary(uploadsDone.value, count)}</h2>
        {uploadsDone.value + notSent.value > 0 && <IconButton icon="check" small label={text.clear} onClick={clearDone} />}
        <IconButton icon={open ? "down" : "up"} small label={open ? text.hide : text.show} aria-expanded={open} onClick={() => { trayOpen.value = !open; }} />
      </header>
      {notSent.value > 0 && (
        <p class="tray-note" role="status">{tLater().uploads.notSent(notSent.value, formatNumber(notSent.value))}{" "}
          <button type="button" class="link-button" onClick={chooseFiles}>{text.choose}</button>
        </p>
      )}
      {open && <Items />}
    </section>
  );
}

/** Only what is near the part in sight is drawn. */
function Items() {
  const keys = uploadKeys.value;
  const list = useRef<HTMLUListElement>(null);
  const known = useRef(new BlockHeights());
  const [span, setSpan] = useState({ first: 0, last: 0 });
  const isDrawn = (block: number) => block >= span.first && block <= span.last;
  const look = () => {
    if (!list.current) return;
    const next = spanNear(known.current.all(keys.length), list.current.scrollTop, list.current.clientHeight);
    if (next.first !== span.first || next.last !== span.last) setSpan(next);
  };
  useLayoutEffect(() => {
    if (list.current) measureBlocks(list.current, keys.length, isDrawn, known.current);
    look();
  });
  return (
    <ul ref={list} tabIndex={0} aria-labelledby="tray-title" onScroll={look}>
      {known.current.all(keys.length).map((height, block) => (isDrawn(block)
        ? keys.slice(block * blockSize, (block + 1) * blockSize).map((key) => <Item key={key} upload={key} />)
        : <li key={`far ${block}`} aria-hidden="true" style={{ height: `${height}px` }} />))}
    </ul>
  );
}

/** Tells the styles how much the tray covers, so that what ends under it can be scrolled above it. */
function leaveRoomFor(tray: HTMLElement | null): (() => void) | undefined {
  if (!tray) return undefined;
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty("--tray", `${tray.offsetHeight + 16}px`));
  observer.observe(tray);
  return () => {
    observer.disconnect();
    style.removeProperty("--tray");
  };
}

function Item({ upload }: { upload: string }) {
  const item = uploadOf(upload);
  return item ? <Shown item={item} /> : null;
}

function Shown({ item }: { item: UploadItem }) {
  const progress = progressOf(item);
  const done = finalStates.has(item.state);
  return (
    <li class="tray-item" data-upload={item.name} data-state={item.state}>
      <StateIcon item={item} />
      <div>
        <div class="name" title={item.name}>{item.name}</div>
        {item.place && item.state !== "duplicate" && <div class="line">{tLater().uploads.to(item.place.name)}</div>}
        <div class="line"><Line item={item} /></div>
        {item.state === "needs-password" && item.documentId && (
          <UnlockForm id={item.documentId} name={item.name} onUnlocked={() => followAgain(item.key)} />
        )}
        {progress !== null && <progress aria-label={item.name} value={progress} max={1} />}
      </div>
      {done || item.state === "paused" || item.state === "needs-password"
        ? <IconButton icon="close" small label={t().upload.remove(item.name)} onClick={() => removeUpload(item.key)} />
        : <IconButton icon="close" small label={t().upload.cancel(item.name)} onClick={() => void cancelUpload(item)} />}
    </li>
  );
}

function StateIcon({ item }: { item: UploadItem }) {
  switch (item.state) {
    case "filed": return <span class="state ok"><Icon name="check" /></span>;
    case "duplicate": return <span class="state warn"><Icon name="copy" /></span>;
    case "needs-password": return <span class="state warn"><Icon name="lock" /></span>;
    case "failed": return <span class="state danger"><Icon name="quarantine" /></span>;
    case "cancelled":
    case "paused": return <span class="state"><Icon name="minus" /></span>;
    case "queued": return <span class="state"><Icon name="clock" /></span>;
    default: return <span class="state busy"><div class="spinner" /></span>;
  }
}

function Line({ item }: { item: UploadItem }) {
  const text = t().upload;
  const link = item.documentId ? <a href={`/?doc=${item.documentId}`}>{t().common.open}</a> : null;
  switch (item.state) {
    case "queued": return <span>{text.queued} · {formatSize(item.size)}</span>;
    case "sending": return <span>{text.sending(formatPercent(item.size > 0 ? item.sent / item.size : 0))}</span>;
    case "interrupted": return <span>{text.interrupted}</span>;
    case "paused": return <><span>{text.chooseAgain}</span><button type="button" class="link-button" onClick={chooseFiles}>{text.choose}</button></>;
    case "processing": return <><Processing item={item} />{link}</>;
    case "filed": return <><span>{text.filed}</span>{link}</>;
    case "duplicate":
      return (
        <>
          <span>{item.trashed ? text.duplicateInTrash : text.duplicate}</span>
          {item.trashed && item.documentId && (
            <button type="button" class="link-button" onClick={() => void restoreFromTrash([{ id: item.documentId ?? 0, title: item.name }])}>{text.restore}</button>
          )}
          {link}
          {mayKeepBoth(item.key) && <button type="button" class="link-button" onClick={() => keepBoth(item.key)}>{tLater().uploads.keepBoth}</button>}
        </>
      );
    case "needs-password": return <span>{text.needsPassword}</span>;
    case "failed":
      return (
        <>
          <span>{item.reason ? (translated(item.reason) ?? item.reason) : text.failed}</span>
          {item.documentId ? <a href="/quarantine">{t().nav.quarantine}</a>
            : <button type="button" class="link-button" onClick={() => retryUpload(item.key)}>{t().common.retry}</button>}
        </>
      );
    case "cancelled": return <span>{text.cancelled}</span>;
  }
}

function Processing({ item }: { item: UploadItem }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  const time = elapsed(now - item.since);
  return <><span><Stage item={item} now={now} /></span>{time !== null && <span class="muted">{tLater().uploads.elapsed(time)}</span>}</>;
}

function Stage({ item, now }: { item: UploadItem; now: number }) {
  const text = t().upload;
  if (now - item.changedAt > 60_000) return <>{text.stalled}</>;
  if (item.stage === "reading") return <>{item.pages > 0 ? text.readingPage(Math.min(item.page + 1, item.pages), item.pages) : text.reading}</>;
  if (item.stage === "inspecting") return <>{text.inspecting}</>;
  if (item.stage === "archiving") return <>{text.archiving}</>;
  if (item.stage === "indexing") return <>{text.indexing}</>;
  return <>{item.reason ? (translated(item.reason) ?? item.reason) : text.waiting}</>;
}
