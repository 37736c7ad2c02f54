// The strip of small pages; a dot and a number tell where the hits are.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PageHits } from "./hits";

const step = 148; // pixels from one thumbnail to the next

export function Thumbnails({ documentId, version, count, page, hits, onPage }: {
  documentId: number;
  version: number;
  count: number;
  page: number;
  hits: readonly PageHits[];
  onPage: (page: number) => void;
}) {
  const strip = useRef<HTMLElement>(null);
  const [top, setTop] = useState(0);
  const counts = new Map(hits.map((entry) => [entry.page, entry.hits]));

  useEffect(() => {
    const element = strip.current;
    if (!element) return;
    const at = (page - 1) * step;
    if (at < element.scrollTop || at + step > element.scrollTop + element.clientHeight) element.scrollTop = at - element.clientHeight / 2 + step / 2;
  }, [page]);

  const first = Math.max(1, Math.floor(top / step) - 2);
  const last = Math.min(count, first + 16);
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return (
    <nav ref={strip} class="thumbs" aria-label={t().viewer.thumbnails} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <div class="thumbs-space" style={{ height: `${count * step}px` }}>
        {numbers.map((number) => {
          const found = counts.get(number) ?? 0;
          return (
            <button key={number} type="button" class="thumb-page" style={{ top: `${(number - 1) * step}px` }}
              aria-label={t().viewer.toPage(number, found)} aria-current={number === page ? "true" : undefined} onClick={() => onPage(number)}>
              <img src={`/api/v1/documents/${documentId}/pages/${number}/image?w=155&v=${version}`} alt="" loading="lazy" />
              <span class="dots">{number}{found > 0 && <><span class="dot" />{found}</>}</span>
            </button>
          );
        })}
      </div>
    </nav>
  );
}
