// The scrolled pages of a document. Only those near the window exist in the page, so that ten thousand cost no more
// than ten; the place that is being read stays put while sizes become known.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageWords } from "../../api/types";
import { t } from "../../i18n";
import { dimPages, showDoubtful } from "../../state/preferences";
import type { HitPosition } from "./hits";
import { doubtfulWords, hitRectangles } from "./hits";
import { gap, layOut, pageAt, pagesBetween, type Layout, type PageSize, type Zoom } from "./layout";
import { PageView } from "./page_view";

export interface PagesHandle {
  toPage: (page: number) => void;
  focus: () => void;
  shownWidth: () => number;
}

interface Props {
  documentId: number;
  version: number;
  title: string;
  count: number;
  startPage: number;
  zoom: Zoom;
  rotation: number;
  words: ReadonlyMap<number, PageWords>;
  currentHit: HitPosition | null;
  currentDoubt: HitPosition | null;
  onNear: (first: number, last: number) => void;
  onPage: (page: number) => void;
  handle: RefObject<PagesHandle | null>;
}

const unmeasured: PageSize = { width: 600, height: 800 };

export function Pages(props: Props) {
  const { documentId, version, title, count, zoom, rotation, words, currentHit, currentDoubt } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(unmeasured);
  const [top, setTop] = useState(0);
  const sizes = useMemo(() => sizesOf(words), [words]);
  const layout = useMemo(() => layOut(count, sizes, zoom, rotation, room), [count, sizes, zoom, rotation, room]);
  const anchor = useRef({ page: props.startPage, share: 0 });
  const moves = useRef(0); // how often the reader went elsewhere
  const onMove = () => { moves.current += 1; };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure(); // before the first drawing, so that no picture is asked for in another size
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => keepAnchor(scroller.current, layout, anchor.current), [layout]);

  props.handle.current = {
    toPage: (page) => {
      onMove();
      anchor.current = { page, share: 0 };
      keepAnchor(scroller.current, layout, anchor.current);
    },
    focus: () => scroller.current?.focus(),
    shownWidth: () => layout.pages[anchor.current.page - 1]?.width ?? room.width,
  };

  const [first, last] = pagesBetween(layout, top - room.height, top + 2 * room.height);
  useEffect(() => props.onNear(first, last), [first, last, documentId]);
  const isMeasured = room !== unmeasured;
  useInSight(isMeasured ? currentHit : null, words, moves, (at, page) => showWords(scroller.current, layout, rotation, at.page, page, page?.hits[at.index] ?? []));
  useInSight(isMeasured ? currentDoubt : null, words, moves, (at, page) => showWords(scroller.current, layout, rotation, at.page, page, doubt(page, at.index)));

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    setTop(element.scrollTop);
    const page = pageAt(layout, element.scrollTop, element.clientHeight);
    const placed = layout.pages[page - 1];
    if (placed) anchor.current = { page, share: (element.scrollTop - placed.top) / placed.height };
    props.onPage(page);
  };

  /** With Alt an area is drawn whose text is copied. */
  const onMouseDown = (event: MouseEvent) => {
    const page = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-page]") : null;
    const svg = page?.querySelector("svg");
    const shown = words.get(Number(page?.dataset["page"]));
    if (!event.altKey || event.button !== 0 || !svg || !shown) return;
    event.preventDefault(); // no text is selected
    const from = { x: event.clientX, y: event.clientY };
    void import("./copy_region").then(({ copyRegion }) => copyRegion(svg, shown, from));
  };

  return (
    <div ref={scroller} class={`pages ${dimPages.value ? "dim" : ""}`} tabIndex={0} role="region" aria-label={t().panel.pages}
      onScroll={onScroll} onMouseDown={onMouseDown} onWheel={onMove} onPointerDown={onMove} onKeyDown={onMove}>
      <div class="pages-space" style={{ height: `${layout.height}px`, width: layout.width > room.width ? `${layout.width}px` : "100%" }}>
        {layout.pages.slice(first - 1, last).map((placed, index) => {
          const number = first + index;
          return (
            <PageView key={`${documentId}/${number}`} documentId={documentId} version={version} title={title} number={number} placed={placed}
              rotation={rotation} wide={placed.width + 32 > room.width} words={words.get(number)}
              currentHit={currentHit?.page === number ? currentHit.index : -1} doubtful={showDoubtful.value}
              currentDoubt={currentDoubt?.page === number ? currentDoubt.index : -1} />
          );
        })}
      </div>
    </div>
  );
}

function sizesOf(words: ReadonlyMap<number, PageWords>): Map<number, PageSize> {
  const sizes = new Map<number, PageSize>();
  for (const [number, page] of words) if (page.width > 0 && page.height > 0) sizes.set(number, page);
  return sizes;
}

function keepAnchor(element: HTMLElement | null, layout: Layout, anchor: { page: number; share: number }): void {
  const placed = layout.pages[anchor.page - 1];
  if (element && placed) element.scrollTop = placed.top + anchor.share * placed.height - (anchor.share === 0 ? gap : 0);
}

/** Shows a new place, again once its words are there unless the reader has gone elsewhere meanwhile; that nothing takes back,
 *  so that it is shown before the reader can do anything. */
function useInSight(at: HitPosition | null, words: ReadonlyMap<number, PageWords>, moves: RefObject<number>, show: (at: HitPosition, page: PageWords | undefined) => void): void {
  const shown = useRef<{ at: HitPosition; moves: number; whole: boolean } | null>(null);
  useLayoutEffect(() => {
    const before = shown.current;
    if (!at || (before?.at === at && (before.whole || before.moves !== moves.current))) return;
    const page = words.get(at.page);
    show(at, page);
    shown.current = { at, moves: moves.current ?? 0, whole: page !== undefined };
  }, [at, words]);
}

function doubt(page: PageWords | undefined, index: number): [number, number][] {
  const word = page && doubtfulWords(page.lines)[index];
  return word ? [word] : [];
}

/** Brings words of a page into the window, a third from the top; the head of the page while they are not known. */
function showWords(element: HTMLElement | null, layout: Layout, rotation: number, number: number, page: PageWords | undefined, words: readonly (readonly [number, number])[]): void {
  const placed = layout.pages[number - 1];
  const box = page && hitRectangles(page.lines, words)[0];
  if (!element || !placed) return;
  if (!page || !box || rotation !== 0) {
    element.scrollTop = placed.top - gap;
    return;
  }
  const scale = placed.height / page.height;
  const y = placed.top + box.y * scale;
  const visible = y > element.scrollTop + 24 && y + box.height * scale < element.scrollTop + element.clientHeight - 24;
  if (!visible) element.scrollTop = y - element.clientHeight / 3;
  const x = box.x * scale;
  if (element.scrollWidth > element.clientWidth) element.scrollLeft = Math.max(0, x - element.clientWidth / 2);
}
