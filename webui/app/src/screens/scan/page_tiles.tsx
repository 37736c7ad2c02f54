// The pages of a scan as tiles: put in order by pointer or keyboard, turned, thrown away and put back, parted into documents.
import { useEffect, useRef, useState } from "preact/hooks";
import { changeScanPage, orderScan, pictureOf, rescanPage } from "../../api/scans";
import type { Scan, ScanPage } from "../../api/types";
import { IconButton } from "../../components/controls";
import { showToast } from "../../state/toasts";
import { tLater } from "../../i18n";

export interface TilesProps {
  scan: Scan;
  kiosk: boolean;
  busy: boolean;
  act: (action: () => Promise<Scan | void>) => Promise<void>; // shows the scan as it is then
  onLook: (page: ScanPage) => void;
}

interface Drag {
  page: number; // its place in the list
  before: number | null;
}

export function PageTiles(props: TilesProps) {
  const { scan, act } = props;
  const list = useRef<HTMLOListElement>(null);
  const focused = useRef<number | null>(null); // the page that was moved by the keyboard keeps the focus
  // The page that is dragged and where it would stand; the next event may come before the next drawing.
  const drag = useRef<Drag | null>(null);
  const [drawn, setDrawn] = useState<Drag | null>(null);
  const dragged = drawn?.page ?? null;
  const before = drawn?.before ?? null;
  const [said, setSaid] = useState("");
  const count = scan.pages.length;
  // The newest page is what one wants to see while the scanner runs.
  useEffect(() => { if (scan.state === "scanning") list.current?.lastElementChild?.scrollIntoView({ block: "nearest" }); }, [count]);
  useEffect(() => {
    if (focused.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-page="${focused.current}"] .scan-picture`)?.focus();
    focused.current = null;
  });
  const move = async (from: number, to: number, byKeyboard = false) => {
    const ids = scan.pages.map((page) => page.id);
    const [moved] = ids.splice(from, 1);
    if (moved === undefined || to < 0 || to > ids.length || from === to) return;
    ids.splice(to, 0, moved);
    await act(() => orderScan(scan.id, ids));
    if (byKeyboard) focused.current = moved;
    setSaid(tLater().scan.movedTo(to + 1, count));
  };
  const dragOn = (next: Drag | null) => {
    drag.current = next;
    setDrawn(next);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const { page, before: place = null } = drag.current ?? {};
    if (page !== undefined && place !== null) void move(page, place > page ? place - 1 : place);
    dragOn(null);
  };
  const over = (event: DragEvent & { currentTarget: HTMLElement }, index: number) => {
    if (drag.current === null) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    dragOn({ page: drag.current.page, before: event.clientX < box.left + box.width / 2 ? index : index + 1 });
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0 || props.busy) return;
    event.preventDefault();
    void move(index, index + by, true);
  };
  return (
    <>
      <p class="visually-hidden" role="status">{said}</p>
      {count > 1 && !props.kiosk && <p class="muted small">{tLater().scan.orderHelp}</p>}
      <ol ref={list} class="organiser scan-pages" onDrop={drop} onDragOver={(event) => { if (drag.current !== null) event.preventDefault(); }}>
        {scan.pages.map((page, index) => (
          <li key={page.id} data-page={page.id} draggable={!props.busy}
            class={`${begins(scan, index) ? "starts" : ""} ${before === index && dragged !== null ? "drop-before" : ""} ${before === count && index === count - 1 && dragged !== null ? "drop-after" : ""} ${dragged === index ? "dragged" : ""}`}
            onKeyDown={(event) => onKeyDown(event, index)}
            onDragStart={(event) => { event.dataTransfer?.setData("text/plain", ""); dragOn({ page: index, before: null }); }} onDragOver={(event) => over(event, index)} onDragEnd={() => dragOn(null)}>
            <PageTile {...props} page={page} index={index} onMove={(by) => void move(index, index + by)} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** Pages that are left out belong to no document and part none by themselves. */
function begins(scan: Scan, index: number): boolean {
  const document = scan.pages[index]?.document ?? null;
  const earlier = scan.pages.slice(0, index).filter((page) => page.document !== null).at(-1);
  return document !== null && document !== earlier?.document;
}

function PageTile({ scan, kiosk, page, index, busy, onMove, act, onLook }: TilesProps & { page: ScanPage; index: number; onMove: (by: -1 | 1) => void }) {
  const text = tLater().scan;
  const name = text.page(index + 1);
  const turns = [0, 90, 180, 270] as const;
  const turned = turns[(turns.findIndex((each) => each === page.turn) + 1) % turns.length] ?? 0;
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
        <IconButton small icon="rotate" label={text.turn(name)} disabled={busy} onClick={() => void change({ turn: turned })} />
        {page.left_out
          ? <IconButton small icon="restore" label={text.putBack(name)} disabled={busy} onClick={() => void change({ kept: "yes" })} />
          : <IconButton small icon="trash" label={text.remove(name)} disabled={busy} onClick={() => void throwAway()} />}
        {!kiosk && <IconButton small icon="retry" label={text.rescan(name)} disabled={busy || scan.state === "scanning"} onClick={() => void act(() => rescanPage(scan.id, page.id))} />}
        {index > 0 && !page.left_out && <IconButton small icon="documents" label={text.starts(name)} disabled={busy} aria-pressed={starts} onClick={() => void change({ starts: starts ? "no" : "yes" })} />}
      </span>
    </>
  );
}
