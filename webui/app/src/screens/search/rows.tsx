// The rows of the list. Only those near the window are drawn; the titles of the others stand there hidden, so that the
// browser finds them, and those of the open and of the focused row stay, so that keys lead on from them.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { DocumentListItem, DocumentPage } from "../../api/types";
import { memo } from "../../components/memo";
import { BlockHeights, blockSize, measureBlocks, spanNear } from "../../components/row_window";
import { language } from "../../i18n";
import { compactList } from "../../state/preferences";
import { picked, pickTo, togglePick } from "../../state/search";
import { Row } from "./row";

interface Props {
  found: DocumentPage;
  openId: number;
  list: string; // a key of what is listed
  top: number; // how far it is scrolled when it is drawn first, in pixels
  href: (id: number) => string;
  onOpen: (document: DocumentListItem, page: number) => void;
}

/** Outlives the component: whoever comes back to the list finds it where they left it. */
let known = { list: "", width: 0, heights: new BlockHeights() };

export function Rows({ found, openId, list, top, href, onOpen }: Props) {
  const { items } = found;
  const root = useRef<HTMLUListElement>(null);
  const lastOpen = useRef(openId);
  const [focused, setFocused] = useState(0);
  if (openId) lastOpen.current = openId;
  const drawnAs = `${list} ${compactList.value}`;
  if (known.list !== drawnAs) known = { list: drawnAs, width: 0, heights: new BlockHeights() };
  const heights = known.heights.all(items.length);
  const [span, setSpan] = useState(() => spanNear(heights, top, window.innerHeight));

  const kept = new Set<number>();
  items.forEach(({ id }, index) => {
    if (id !== lastOpen.current && id !== focused) return;
    for (const neighbour of [index - 1, index, index + 1]) kept.add(Math.floor(neighbour / blockSize));
  });
  const isDrawn = (block: number) => (block >= span.first && block <= span.last) || kept.has(block);

  const look = () => {
    const scroller = root.current?.parentElement;
    if (!scroller) return;
    const next = spanNear(known.heights.all(items.length), scroller.scrollTop, scroller.clientHeight);
    setSpan((present) => (present.first === next.first && present.last === next.last ? present : next));
  };
  useLayoutEffect(() => {
    if (root.current) measure(root.current, items.length, isDrawn);
    look();
  });
  const first = useRef(true);
  useLayoutEffect(() => {
    if (!first.current && openId) root.current?.querySelector(`[data-document="${openId}"]`)?.scrollIntoView({ block: "nearest" });
    first.current = false;
  }, [openId]);
  useLayoutEffect(() => {
    const scroller = root.current?.parentElement;
    scroller?.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      scroller?.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [items.length]);

  const size = found.total_exact ? found.total : -1;
  return (
    <ul class={`rows ${compactList.value ? "compact" : ""} ${picked.value.size > 0 ? "picking" : ""}`} ref={root}
      onFocusIn={(event) => setFocused(Number((event.target as Element).closest<HTMLElement>("[data-document]")?.dataset["document"] ?? 0))}>
      {heights.map((height, block) => (isDrawn(block)
        ? rowsOf(items, block).map((item, index) => (
          <Row key={item.id} document={item} href={href(item.id)} current={item.id === openId} picked={picked.value.has(item.id)}
            position={block * blockSize + index + 1} size={size} onPick={pick} onOpen={onOpen} language={language.value} />
        ))
        : <FarRows key={`far ${block}`} items={items} block={block} height={height} />))}
    </ul>
  );
}

function pick(document: DocumentListItem, range: boolean): void {
  if (range) pickTo(document);
  else togglePick(document);
}

function rowsOf(items: readonly DocumentListItem[], block: number): readonly DocumentListItem[] {
  return items.slice(block * blockSize, (block + 1) * blockSize);
}

const FarRows = memo(function FarRows({ items, block, height }: { items: readonly DocumentListItem[]; block: number; height: number }) {
  const titles = rowsOf(items, block).map(({ title }) => title.replaceAll("\n", " "));
  return (
    <li class="far-rows" aria-hidden="true" style={{ height: `${height}px` }}>
      <div hidden="until-found" style={{ lineHeight: `${height / titles.length}px` }}>{titles.join("\n")}</div>
    </li>
  );
});

/** In a list of another width all rows are of other heights. */
function measure(list: HTMLUListElement, rows: number, isDrawn: (block: number) => boolean): void {
  if (known.width !== list.clientWidth) known = { list: known.list, width: list.clientWidth, heights: new BlockHeights() };
  measureBlocks(list, rows, isDrawn, known.heights);
}
