// The list of uploads at the foot of the page. It stays while the user goes elsewhere, and comes back after a reload.
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../components/controls";
import { Icon } from "../../components/icon";
import { UnlockForm } from "../../components/unlock_form";
import { t } from "../../i18n";
import { formatPercent, formatSize } from "../../i18n/format";
import { trayOpen } from "../../state/preferences";
import { restoreFromTrash } from "../../state/trash";
import { cancelUpload, clearDone, followAgain, removeUpload, retryUpload, uploadNews, uploads, uploadsDone } from "../../state/uploads";
import { finalStates, progressOf, type UploadItem } from "../../state/upload_item";
import { chooseFiles } from "./choose";

export function UploadTray() {
  const items = uploads.value;
  const open = trayOpen.value;
  const text = t().upload;
  const tray = useRef<HTMLElement>(null);
  useEffect(() => leaveRoomFor(tray.current), [items.length > 0]);
  return (
    <>
      <div class="visually-hidden" role="status">{uploadNews.value}</div>
      {items.length > 0 && (
        <section ref={tray} class="tray" aria-labelledby="tray-title">
          <header>
            <h2 id="tray-title">{text.summary(uploadsDone.value, items.length)}</h2>
            {uploadsDone.value > 0 && <IconButton icon="check" small label={text.clear} onClick={clearDone} />}
            <IconButton icon={open ? "down" : "up"} small label={open ? text.hide : text.show} aria-expanded={open} onClick={() => { trayOpen.value = !open; }} />
          </header>
          {open && <ul tabIndex={0} aria-labelledby="tray-title">{items.map((item) => <Item key={item.key} item={item} />)}</ul>}
        </section>
      )}
    </>
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

function Item({ item }: { item: UploadItem }) {
  const progress = progressOf(item);
  const done = finalStates.has(item.state);
  return (
    <li class="tray-item" data-upload={item.name} data-state={item.state}>
      <StateIcon item={item} />
      <div>
        <div class="name" title={item.name}>{item.name}</div>
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
        </>
      );
    case "needs-password": return <span>{text.needsPassword}</span>;
    case "failed":
      return (
        <>
          <span>{item.reason || text.failed}</span>
          {item.documentId ? <a href="/quarantine">{t().nav.quarantine}</a>
            : <button type="button" class="link-button" onClick={() => retryUpload(item.key)}>{t().common.retry}</button>}
        </>
      );
    case "cancelled": return <span>{text.cancelled}</span>;
  }
}

function Processing({ item }: { item: UploadItem }) {
  const text = t().upload;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  if (now - item.changedAt > 60_000) return <span>{text.stalled}</span>;
  if (item.stage === "reading") return <span>{item.pages > 0 ? text.readingPage(Math.min(item.page + 1, item.pages), item.pages) : text.reading}</span>;
  if (item.stage === "inspecting") return <span>{text.inspecting}</span>;
  if (item.stage === "archiving") return <span>{text.archiving}</span>;
  if (item.stage === "indexing") return <span>{text.indexing}</span>;
  return <span>{item.reason || text.waiting}</span>;
}
