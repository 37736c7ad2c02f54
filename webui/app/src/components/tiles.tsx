// Pages as tiles that are put in order by pointer or keyboard.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { tLater } from "../i18n";

export interface TilesProps<Item> {
  label?: string;
  items: readonly Item[];
  keyOf: (item: Item) => string | number; // different for each
  starts?: (index: number) => boolean; // whether a document begins there
  resting?: boolean; // nothing can be moved now
  help?: boolean; // says how tiles are moved, where there are several
  follow?: boolean; // the newest tile stays in sight
  onMove: (from: number, to: number) => Promise<void> | void; // `to` counts without the one that is moved
  tile: (item: Item, index: number, move: (by: -1 | 1) => void) => ComponentChildren;
}

interface Drag {
  from: number;
  before: number | null; // the place where it would stand
}

export function Tiles<Item>({ label, items, keyOf, starts, resting = false, help = true, follow = false, onMove, tile }: TilesProps<Item>) {
  const list = useRef<HTMLOListElement>(null);
  const focused = useRef<HTMLElement | null>(null); // what was moved by the keyboard or its buttons keeps the focus
  const [said, setSaid] = useState("");
  const count = items.length;
  useEffect(() => { if (follow) list.current?.lastElementChild?.scrollIntoView({ block: "nearest" }); }, [count]);
  useLayoutEffect(() => {
    const element = focused.current;
    focused.current = null;
    if (!element) return;
    element.focus();
    if (document.activeElement !== element) element.closest("li")?.querySelector<HTMLElement>("button:enabled")?.focus();
  });
  const move = async (from: number, to: number, moved: HTMLElement | null = null) => {
    if (to < 0 || to >= count || from === to) return;
    await onMove(from, to);
    focused.current = moved;
    setSaid(tLater().organiser.movedTo(to + 1, count));
  };
  const { drawn, begin, over, allow, drop, end } = useDragging((from, to) => void move(from, to));
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0 || resting) return;
    event.preventDefault();
    void move(index, index + by, event.target as HTMLElement);
  };
  const classOf = (index: number) => [
    starts?.(index) ? "starts" : "", drawn?.from === index ? "dragged" : "", drawn?.before === index ? "drop-before" : "",
    drawn?.before === count && index === count - 1 ? "drop-after" : "",
  ].join(" ");
  return (
    <>
      <p class="visually-hidden" role="status">{said}</p>
      {count > 1 && help && <p class="muted small">{tLater().organiser.orderHelp}</p>}
      <ol ref={list} class="organiser" aria-label={label} onDrop={drop} onDragOver={allow}>
        {items.map((item, index) => (
          <li key={keyOf(item)} data-page={keyOf(item)} draggable={!resting} class={classOf(index)} onKeyDown={(event) => onKeyDown(event, index)}
            onDragStart={(event) => begin(event, index)} onDragOver={(event) => over(event, index)} onDragEnd={end}>
            {tile(item, index, (by) => void move(index, index + by, document.activeElement instanceof HTMLElement ? document.activeElement : null))}
          </li>
        ))}
      </ol>
    </>
  );
}

/** The tile that is dragged and where it would stand, and what is to be done as it is. */
function useDragging(move: (from: number, to: number) => void) {
  const drag = useRef<Drag | null>(null); // the next event may come before the next drawing
  const [drawn, setDrawn] = useState<Drag | null>(null);
  const dragOn = (next: Drag | null) => {
    drag.current = next;
    setDrawn(next);
  };
  return {
    drawn,
    begin: (event: DragEvent, index: number) => {
      event.dataTransfer?.setData("text/plain", "");
      dragOn({ from: index, before: null });
    },
    over: (event: DragEvent & { currentTarget: HTMLElement }, index: number) => {
      if (drag.current === null) return;
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      dragOn({ from: drag.current.from, before: event.clientX < box.left + box.width / 2 ? index : index + 1 });
    },
    allow: (event: DragEvent) => { if (drag.current !== null) event.preventDefault(); },
    drop: (event: DragEvent) => {
      if (drag.current === null) return;
      event.preventDefault();
      const { from, before } = drag.current;
      if (before !== null) move(from, before > from ? before - 1 : before);
      dragOn(null);
    },
    end: () => dragOn(null),
  };
}

/** The list with one of its items elsewhere. */
export function movedTo<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const next = [...items];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

const turns = [0, 90, 180, 270] as const;
export type Turn = (typeof turns)[number]; // clockwise, in degrees

/** A quarter further. */
export function turnedOn(turn: number): Turn {
  return turns[(turns.findIndex((each) => each === turn) + 1) % turns.length] ?? 0;
}
