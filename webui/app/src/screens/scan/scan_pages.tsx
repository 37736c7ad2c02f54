// The pages of one scan as they come: looked through, put right, filed.
import { useEffect, useRef, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeScanPage, continueScan, deleteScanPage, discardScan, fetchScan, fileScan, orderScan, pictureOf, rescanPage, stopScan } from "../../api/scans";
import type { Scan, ScanPage } from "../../api/types";
import { Banner, Button, IconButton, Loading } from "../../components/controls";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { navigate } from "../../router";
import { showToast } from "../../state/toasts";
import { tLater } from "../../i18n";

const whileScanning = 700; // milliseconds between looks

export function ScanPages({ id, kiosk, onAgain }: { id: number; kiosk: boolean; onAgain: () => void }) {
  const text = tLater().scan;
  const [scan, setScan] = useState<Scan | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const [shown, setShown] = useState<ScanPage | null>(null);
  const scanning = scan?.state === "scanning";

  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        const now = await fetchScan(id);
        if (over) return;
        setScan(now);
        if (now.state === "scanning") timer = setTimeout(() => void look(), whileScanning);
      } catch (error) {
        if (!over) setProblem(error);
      }
    };
    void look();
    return () => { over = true; clearTimeout(timer); };
  }, [id, scanning]);

  /** Does something and shows the scan as it is then. */
  const act = async (action: () => Promise<Scan | void>) => {
    setBusy(true);
    setProblem(null);
    try {
      setScan((await action()) ?? await fetchScan(id));
    } catch (error) {
      setProblem(error);
      await fetchScan(id).then(setScan, () => undefined);
    }
    setBusy(false);
  };
  const file = () => act(async () => {
    const made = await fileScan(id, {});
    showToast(text.filed(made.length));
    if (kiosk) onAgain();
  });
  const discard = async () => {
    try {
      await discardScan(id);
      onAgain();
    } catch (error) {
      setProblem(error);
    }
  };

  if (!scan) return problem === null ? <Loading /> : <Banner kind="danger">{explain(problem)}</Banner>;
  const documents = Math.max(0, ...scan.pages.map((page) => page.document ?? 0));
  return (
    <>
      {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
      <div role="status"><State scan={scan} /></div>
      <div class="scan-bar">
        {scanning && <Button icon="close" disabled={busy} onClick={() => void act(() => stopScan(id))}>{text.stop}</Button>}
        {!scanning && scan.state !== "filed" && (
          <>
            <Button kind="primary" icon="check" class="scan-file" disabled={busy || documents === 0} onClick={() => void file()}>{documents === 0 ? text.fileNone : text.file(documents)}</Button>
            <Button icon="scan" disabled={busy} onClick={() => void act(() => continueScan(id))}>{scan.state === "turn" ? text.turned : text.goOn}</Button>
            <Button icon="trash" kind="danger" disabled={busy} onClick={() => setDiscarding(true)}>{text.discard}</Button>
          </>
        )}
        {!scanning && <Button icon="plus" onClick={onAgain}>{text.again}</Button>}
      </div>
      {scan.documents.length > 0 && (
        <p class="actions">
          {scan.documents.map((document) => <Button key={document} compact icon="documents" onClick={() => navigate(`/?doc=${document}`)}>{text.document(document)}</Button>)}
        </p>
      )}
      <Pages scan={scan} busy={busy} act={act} onLook={setShown} />
      {discarding && <ConfirmDialog title={text.discardTitle} confirm={text.discard} onClose={() => setDiscarding(false)} onConfirm={() => void discard()}>{text.discardHelp}</ConfirmDialog>}
      {shown && (
        <Dialog wide title={text.page(scan.pages.findIndex((page) => page.id === shown.id) + 1)} onClose={() => setShown(null)}>
          <img class="scan-full" src={pictureOf(scan, shown, "full")} alt="" style={{ transform: `rotate(${shown.turn}deg)` }} />
        </Dialog>
      )}
    </>
  );
}

function State({ scan }: { scan: Scan }) {
  const text = tLater().scan;
  const problems: Record<string, string | undefined> = text.problems;
  const said = scan.state === "paused" ? problems[scan.problem] ?? text.states.paused : text.states[scan.state];
  return <Banner kind={scan.state === "paused" ? "warn" : scan.state === "filed" || scan.state === "ready" ? "ok" : undefined} icon="scan">{said}</Banner>;
}

function Pages({ scan, busy, act, onLook }: { scan: Scan; busy: boolean; act: (action: () => Promise<Scan | void>) => Promise<void>; onLook: (page: ScanPage) => void }) {
  const last = useRef<HTMLLIElement>(null);
  const count = scan.pages.length;
  // The newest page is what one wants to see while the scanner runs.
  useEffect(() => { if (scan.state === "scanning") last.current?.scrollIntoView({ block: "nearest" }); }, [count]);
  const move = (from: number, by: -1 | 1) => {
    const ids = scan.pages.map((page) => page.id);
    const [moved] = ids.splice(from, 1);
    if (moved !== undefined) ids.splice(from + by, 0, moved);
    return orderScan(scan.id, ids);
  };
  return (
    <ol class="organiser scan-pages">
      {scan.pages.map((page, index) => (
        <li key={page.id} data-page={page.id} ref={index === count - 1 ? last : null} class={page.document !== null && page.document !== scan.pages[index - 1]?.document ? "starts" : ""}>
          <PageTile scan={scan} page={page} index={index} busy={busy} onMove={(by) => void act(() => move(index, by))} act={act} onLook={() => onLook(page)} />
        </li>
      ))}
    </ol>
  );
}

function PageTile({ scan, page, index, busy, onMove, act, onLook }: {
  scan: Scan;
  page: ScanPage;
  index: number;
  busy: boolean;
  onMove: (by: -1 | 1) => void;
  act: (action: () => Promise<Scan | void>) => Promise<void>;
  onLook: () => void;
}) {
  const text = tLater().scan;
  const name = text.page(index + 1);
  const turns = [0, 90, 180, 270] as const;
  const turned = turns[(turns.findIndex((each) => each === page.turn) + 1) % turns.length] ?? 0;
  const begins = page.document !== null && page.document !== scan.pages[index - 1]?.document;
  const scanning = scan.state === "scanning";
  return (
    <>
      <button type="button" class={`scan-picture ${page.document === null ? "left-out" : ""}`} aria-label={text.look(name)} onClick={onLook}>
        <img src={pictureOf(scan, page, "small")} alt="" loading="lazy" style={{ transform: `rotate(${page.turn}deg)` }} />
      </button>
      <span class="muted small">{page.document === null ? `${name} · ${text.leftOut}` : begins ? `${name} · ${text.document(page.document)}` : name}</span>
      <span class="buttons">
        <IconButton small icon="left" label={text.earlier(name)} disabled={busy || index === 0} onClick={() => onMove(-1)} />
        <IconButton small icon="right" label={text.later(name)} disabled={busy || index === scan.pages.length - 1} onClick={() => onMove(1)} />
        <IconButton small icon="rotate" label={text.turn(name)} disabled={busy} onClick={() => void act(() => changeScanPage(scan.id, page.id, { turn: turned }))} />
        <IconButton small icon="trash" label={text.remove(name)} disabled={busy} onClick={() => void act(() => deleteScanPage(scan.id, page.id))} />
        <IconButton small icon="retry" label={text.rescan(name)} disabled={busy || scanning} onClick={() => void act(() => rescanPage(scan.id, page.id))} />
        {index > 0 && <IconButton small icon="documents" label={text.starts(name)} disabled={busy} aria-pressed={begins} onClick={() => void act(() => changeScanPage(scan.id, page.id, { starts: begins ? "no" : "yes" }))} />}
      </span>
    </>
  );
}
