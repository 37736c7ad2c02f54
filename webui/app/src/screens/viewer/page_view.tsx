// One page: its picture from the server, over it the hits and a transparent layer of text to select from.
import { later } from "../../components/later";
import { memo } from "../../components/memo";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageWords } from "../../api/types";
import { t } from "../../i18n";
import { pointedBox } from "../../state/pointed";
import { doubtfulWords, hitRectangles } from "./hits";
import { imageWidth, turned, type Placed } from "./layout";

const PageProblem = later(async () => (await import("./page_problem")).PageProblem, null);

interface Props {
  documentId: number;
  version: number;
  title: string;
  number: number;
  placed: Placed;
  rotation: number;
  wide: boolean; // the page is wider than the window
  words: PageWords | undefined;
  currentHit: number; // index among the page's hits, -1 for none of them
  doubtful: boolean; // whether the words that were read with doubt are underlined
  currentDoubt: number; // index among them, -1 for none
}

export const PageView = memo(function PageView({ documentId, version, title, number, placed, rotation, wide, words, currentHit, doubtful, currentDoubt }: Props) {
  const [failed, setFailed] = useState(false);
  const inner = turned(placed, rotation);
  const source = `/api/v1/documents/${documentId}/pages/${number}/image?w=${imageWidth(inner.width, window.devicePixelRatio)}&v=${version}`;
  return (
    <div class={`sheet ${wide ? "wide" : ""}`} data-page={number}
      style={{ top: `${placed.top}px`, width: `${placed.width}px`, height: `${placed.height}px` }}>
      <PageProblem document={documentId} version={version} page={number} />
      <div class="turn" style={{ width: `${inner.width}px`, height: `${inner.height}px`, transform: `translate(-50%, -50%) rotate(${rotation}deg)` }}>
        {failed
          ? <div class="failed">{t().viewer.pageFailed}</div>
          : <img src={source} alt={t().viewer.pageImage(number, title)} decoding="async" draggable={false} onError={() => setFailed(true)} />}
        {words && words.width > 0 && (
          <svg viewBox={`0 0 ${words.width} ${words.height}`} preserveAspectRatio="none" role="group" aria-label={t().viewer.textOfPage(number)}>
            <Hits words={words} current={currentHit} />
            {doubtful && <Doubts words={words} current={currentDoubt} />}
            <TextLayer words={words} />
            <Pointed documentId={documentId} page={number} margin={words.height / 250} />
          </svg>
        )}
      </div>
    </div>
  );
});

const Hits = memo(function Hits({ words, current }: { words: PageWords; current: number }) {
  const margin = words.height / 500;
  return (
    <g aria-hidden="true">
      {words.hits.map((hit, index) => hitRectangles(words.lines, hit).map((box, part) => (
        <rect key={`${index}-${part}`} class={`hit-box ${index === current ? "current" : ""}`} data-hit={index}
          x={box.x - margin} y={box.y - margin} width={box.width + 2 * margin} height={box.height + 2 * margin} rx={margin} />
      )))}
    </g>
  );
});

const Doubts = memo(function Doubts({ words, current }: { words: PageWords; current: number }) {
  const thickness = words.height / 600;
  return (
    <g aria-hidden="true">
      {doubtfulWords(words.lines).map(([line, word], index) => hitRectangles(words.lines, [[line, word]]).map((box) => (
        <rect key={`${line}-${word}`} class={`doubt ${index === current ? "current" : ""}`} data-doubt={index}
          x={box.x} width={box.width} y={index === current ? box.y : box.y + box.height} height={index === current ? box.height + thickness : thickness} />
      )))}
    </g>
  );
});

/** What the panel points at. By itself, so that pointing draws no page anew. */
function Pointed({ documentId, page, margin }: { documentId: number; page: number; margin: number }) {
  const rectangle = useRef<SVGRectElement>(null);
  const pointed = pointedBox.value;
  useEffect(() => rectangle.current?.scrollIntoView({ block: "nearest" }), [pointed]);
  if (pointed?.document !== documentId || pointed.page !== page) return null;
  const [x, y, width, height] = pointed.box;
  return <rect ref={rectangle} class="pointed-box" aria-hidden="true" x={x - margin} y={y - margin} width={width + 2 * margin} height={height + 2 * margin} rx={margin} />;
}

/** One text element a line, one tspan a word: so copied words have spaces, and lines have breaks, between them. */
const TextLayer = memo(function TextLayer({ words }: { words: PageWords }) {
  return (
    <g class="text-layer">
      {words.lines.map((line, index) => {
        const bottom = Math.max(...line.map(([, top, , height]) => top + height));
        const tallest = Math.max(...line.map(([, , , height]) => height));
        return (
          <text key={index} y={bottom - tallest * 0.2} font-size={tallest}>
            {line.map(([left, , width, , text], word) => (
              <>
                <tspan key={word} x={left} textLength={Math.max(1, width)} lengthAdjust="spacingAndGlyphs">{text}</tspan>
                {word < line.length - 1 ? " " : "\n"}
              </>
            ))}
          </text>
        );
      })}
    </g>
  );
});
