// The pages of a scan as tiles: put in order by pointer or keyboard, turned, thrown away and put back, parted into documents.
import { changeScanPage, orderScan, pictureOf, rescanPage } from "../../api/scans";
import type { Scan, ScanPage } from "../../api/types";
import { IconButton } from "../../components/controls";
import { movedTo, Tiles, turnedOn } from "../../components/tiles";
import { showToast } from "../../state/toasts";
import { tLater } from "../../i18n";

interface Props {
  scan: Scan;
  kiosk: boolean;
  busy: boolean;
  act: (action: () => Promise<Scan | void>) => Promise<void>; // shows the scan as it is then
  onLook: (page: ScanPage) => void;
}

export function PageTiles(props: Props) {
  const { scan, kiosk, busy, act } = props;
  const move = (from: number, to: number) => act(() => orderScan(scan.id, movedTo(scan.pages.map((page) => page.id), from, to)));
  return (
    <Tiles items={scan.pages} keyOf={(page) => page.id} starts={(index) => begins(scan, index)} resting={busy} help={!kiosk} follow={scan.state === "scanning"}
      onMove={move} tile={(page, index, onMove) => <PageTile {...props} page={page} index={index} onMove={onMove} />} />
  );
}

/** Pages that are left out belong to no document and part none by themselves. */
function begins(scan: Scan, index: number): boolean {
  const document = scan.pages[index]?.document ?? null;
  const earlier = scan.pages.slice(0, index).filter((page) => page.document !== null).at(-1);
  return document !== null && document !== earlier?.document;
}

function PageTile({ scan, kiosk, page, index, busy, onMove, act, onLook }: Props & { page: ScanPage; index: number; onMove: (by: -1 | 1) => void }) {
  const text = tLater().scan;
  const name = text.page(index + 1);
  const starts = begins(scan, index);
  const change = (part: Parameters<typeof changeScanPage>[2]) => act(() => changeScanPage(scan.id, page.id, part));
  const throwAway = async () => {
    const was = page.kept;
    await change({ kept: "no" });
    showToast(text.thrownAway(name), () => change({ kept: was }));
  };
  return (
    <>
      {starts && page.document !== null && <span class="scan-document">{text.document(page.document)}</span>}
      <button type="button" class={`scan-picture ${page.left_out ? "left-out" : ""}`} aria-label={text.look(name)} onClick={() => onLook(page)}>
        <img src={pictureOf(scan, page, "small")} alt="" loading="lazy" draggable={false} style={{ transform: `rotate(${page.turn}deg)` }} />
      </button>
      <span class="muted small">{page.left_out ? `${name} · ${text.leftOut[page.left_out]}` : name}</span>
      <span class="buttons">
        {!kiosk && <IconButton small icon="left" label={text.earlier(name)} disabled={busy || index === 0} onClick={() => onMove(-1)} />}
        {!kiosk && <IconButton small icon="right" label={text.later(name)} disabled={busy || index === scan.pages.length - 1} onClick={() => onMove(1)} />}
        <IconButton small icon="rotate" label={text.turn(name)} disabled={busy} onClick={() => void change({ turn: turnedOn(page.turn) })} />
        {page.left_out
          ? <IconButton small icon="restore" label={text.putBack(name)} disabled={busy} onClick={() => void change({ kept: "yes" })} />
          : <IconButton small icon="trash" label={text.remove(name)} disabled={busy} onClick={() => void throwAway()} />}
        {!kiosk && <IconButton small icon="retry" label={text.rescan(name)} disabled={busy || scan.state === "scanning"} onClick={() => void act(() => rescanPage(scan.id, page.id))} />}
        {index > 0 && !page.left_out && <IconButton small icon="documents" label={text.starts(name)} disabled={busy} aria-pressed={starts} onClick={() => void change({ starts: starts ? "no" : "yes" })} />}
      </span>
    </>
  );
}
