// The words of a document's pages: those near the window at once; for a query the others too, one after the other, so
// that the hits of the whole document are counted.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { fetchWords } from "../../api/documents";
import type { PageWords } from "../../api/types";
import type { PageHits } from "./hits";

const countedPages = 500; // of a longer document only the hits on pages that were looked at are known

export interface KnownWords {
  words: ReadonlyMap<number, PageWords>;
  hits: readonly PageHits[]; // ascending, pages without hits left out
  counting: boolean; // more hits may be found
  need: (first: number, last: number) => void;
}

export function usePageWords(documentId: number, version: number, query: string, count: number, startPage: number): KnownWords {
  const [words, setWords] = useState<ReadonlyMap<number, PageWords>>(new Map());
  const asked = useRef(new Set<number>());
  const near = useRef<[number, number]>([1, 0]);
  const controller = useRef(new AbortController());

  const ask = async (page: number): Promise<void> => {
    if (asked.current.has(page)) return;
    const { signal } = controller.current;
    const mine = asked.current;
    mine.add(page);
    try {
      const found = await fetchWords(documentId, page, query, signal);
      if (!signal.aborted) setWords((known) => new Map(known).set(page, found));
    } catch (error) {
      if (!isAbort(error)) mine.delete(page); // the image still shows; the words may come later
    }
  };

  const need = (first: number, last: number) => {
    near.current = [first, last];
    for (let page = first; page <= last; page += 1) void ask(page);
  };

  useEffect(() => setWords(new Map()), [documentId, query]);
  // A new version is asked for anew, but what is known stays in sight until the answer is there.
  useEffect(() => {
    const { signal } = (controller.current = new AbortController());
    asked.current = new Set();
    need(...near.current);
    if (query && count <= countedPages) void countAll(count, startPage, ask, signal);
    return () => controller.current.abort();
  }, [documentId, version, query, count]);

  const hits = useMemo(() => [...words]
    .filter(([, page]) => page.hits.length > 0)
    .map(([page, found]) => ({ page, hits: found.hits.length }))
    .sort((a, b) => a.page - b.page), [words]);
  return { words, hits, counting: words.size < count, need };
}

/** Asks for every page, from the one in view to the end and then from the beginning. */
async function countAll(count: number, startPage: number, ask: (page: number) => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let step = 0; step < count && !signal.aborted; step += 1) await ask(((startPage - 1 + step) % count) + 1);
}
