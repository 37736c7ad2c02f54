// The pages of one scan as they come: looked through, put right, filed.
import { useEffect, useRef, useState } from "preact/hooks";
import { explain, mayPass, whileAway } from "../../api/client";
import { continueScan, discardScan, fetchScan, fileScan, pictureOf, stopScan } from "../../api/scans";
import type { Scan, ScanPage } from "../../api/types";
import { Banner, Button, Loading } from "../../components/controls";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { navigate } from "../../router";
import { showToast } from "../../state/toasts";
import { tLater } from "../../i18n";
import { PageTiles } from "./page_tiles";
import { Destination, type Filing } from "./plan_fields";

const whileScanning = 700; // milliseconds between looks

export function ScanPages({ id, kiosk, onAgain }: { id: number; kiosk: boolean; onAgain: () => void }) {
  const text = tLater().scan;
  const [scan, setScan] = useState<Scan | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [away, setAway] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [filing, setFiling] = useState<Partial<Filing>>({}); // as chosen here, other than it was planned
  const [discarding, setDiscarding] = useState(false);
  const [shown, setShown] = useState<ScanPage | null>(null);
  const scanning = scan?.state === "scanning";
  const acts = useRef(0); // how often it was changed here

  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const before = acts.current;
      try {
        const now = await fetchScan(id);
        if (over) return;
        if (acts.current !== before) return void look(); // what was seen may be older than what was done since
        setScan(now);
        setAway(null);
        if (now.state === "scanning") timer = setTimeout(() => void look(), whileScanning);
      } catch (error) {
        if (over) return;
        setAway(error);
        if (mayPass(error)) timer = setTimeout(() => void look(), whileAway);
      }
    };
    void look();
    return () => { over = true; clearTimeout(timer); };
  }, [id, scanning]);

  const changed = (now: Scan) => {
    acts.current += 1;
    setScan(now);
  };
  /** Does something and shows the scan as it is then. */
  const act = async (action: () => Promise<Scan | void>) => {
    setBusy(true);
    setProblem(null);
    try {
      changed((await action()) ?? await fetchScan(id));
    } catch (error) {
      setProblem(error);
      await fetchScan(id).then(changed, () => undefined);
    }
    setBusy(false);
  };
  const file = () => act(async () => {
    const made = await fileScan(id, filing);
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

  if (!scan) {
    return away === null ? <Loading /> : (
      <>
        <Banner kind="danger">{explain(away)}</Banner>
        <div><Button icon="plus" onClick={onAgain}>{text.again}</Button></div>
      </>
    );
  }
  const open = !scanning && scan.state !== "filed";
  const refused = problem !== null || scan.problem === "not_filed";
  const documents = Math.max(0, ...scan.pages.map((page) => page.document ?? 0));
  return (
    <>
      {away !== null && <Banner kind="warn">{explain(away)}</Banner>}
      {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
      <div role="status"><State scan={scan} /></div>
      <div class="scan-bar acts">
        {scanning && <Button icon="close" disabled={busy} onClick={() => void act(() => stopScan(id))}>{text.stop}</Button>}
        {open && (
          <>
            <Button kind="primary" icon="check" disabled={busy || documents === 0} onClick={() => void file()}>{documents === 0 ? text.fileNone : text.file(documents)}</Button>
            <Button icon="scan" disabled={busy} onClick={() => void act(() => continueScan(id))}>{goOn(scan)}</Button>
            <Button icon="trash" kind="danger" disabled={busy} onClick={() => setDiscarding(true)}>{text.discard}</Button>
          </>
        )}
        {!scanning && <Button icon="plus" onClick={onAgain}>{text.again}</Button>}
      </div>
      {open && (!kiosk || refused) && <Destination plan={{ ...scan.plan, ...filing }} change={(part) => setFiling({ ...filing, ...part })} />}
      {scan.documents.length > 0 && !kiosk && (
        <p class="actions">
          {scan.documents.map((document) => <Button key={document} compact icon="documents" onClick={() => navigate(`/?doc=${document}`)}>{text.document(document)}</Button>)}
        </p>
      )}
      <PageTiles scan={scan} kiosk={kiosk} busy={busy} act={act} onLook={setShown} />
      {discarding && <ConfirmDialog title={text.discardTitle} confirm={text.discard} onClose={() => setDiscarding(false)} onConfirm={() => void discard()}>{text.discardHelp}</ConfirmDialog>}
      {shown && (
        <Dialog wide title={text.page(scan.pages.findIndex((page) => page.id === shown.id) + 1)} onClose={() => setShown(null)}>
          <img class="scan-full" src={pictureOf(scan, shown, "full")} alt="" style={{ transform: `rotate(${shown.turn}deg)` }} />
        </Dialog>
      )}
    </>
  );
}

/** Pages that are filed already are counted no more. */
function goOn(scan: Scan): string {
  const text = tLater().scan;
  if (scan.state === "turn") return text.turned;
  return scan.documents.length > 0 ? text.goOn : text.goOnAt(scan.pages.length + 1);
}

function State({ scan }: { scan: Scan }) {
  const text = tLater().scan;
  const problems: Record<string, string | undefined> = text.problems;
  // A page that could not be scanned anew leaves the scan in its state.
  const problem = scan.problem === "setting_refused" ? text.settingRefused(scan.plan.options.join(", ")) : problems[scan.problem];
  const last = scan.problem === "jammed" && scan.pages.length > 0 ? text.lastPage(scan.pages.length) : undefined;
  const said = [problem, last, scan.state === "paused" && problem ? undefined : text.states[scan.state]].filter((each) => each !== undefined).join(" ");
  const kind = scan.state === "paused" || problem ? "warn" : scan.state === "filed" || scan.state === "ready" ? "ok" : undefined;
  return <Banner kind={kind} icon="scan">{said}</Banner>;
}
