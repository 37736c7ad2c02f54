// The words of the pages near the window, and how many hits of the query every page of the document has.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { fetchHits, fetchWords } from "../../api/documents";
import type { PageWords } from "../../api/types";
import type { PageHits } from "./hits";

export interface KnownWords {
  words: ReadonlyMap<number, PageWords>;
  hits: readonly PageHits[]; // ascending, pages without hits left out
  counting: boolean; // more hits may be found
  failed: boolean; // they could not be counted
  countAgain: () => void;
  known: (page: number) => boolean; // whether the page's hits are known, or that it has none
  need: (first: number, last: number) => void;
}

interface Counted {
  hits: ReadonlyMap<number, number>; // by page
  upTo: number; // the last page that was counted
  failed: boolean; // so that more is not counted
}

const nothingCounted: Counted = { hits: new Map(), upTo: 0, failed: false };

export function usePageWords(documentId: number, version: number, query: string, count: number): KnownWords {
  const [words, setWords] = useState<ReadonlyMap<number, PageWords>>(new Map());
  const [counted, setCounted] = useState<Counted>(nothingCounted);
  const [attempt, setAttempt] = useState(1);
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

  useEffect(() => {
    setWords(new Map());
    setCounted(nothingCounted);
  }, [documentId, query]);
  // A new version is asked for anew, but what is known stays in sight until the answer is there.
  useEffect(() => {
    const { signal } = (controller.current = new AbortController());
    asked.current = new Set();
    need(...near.current);
    if (query && count > 0) void countAll(documentId, query, count, signal, setCounted);
    return () => controller.current.abort();
  }, [documentId, version, query, count, attempt]);

  const hits = useMemo(() => {
    const byPage = new Map(counted.hits);
    for (const [page, found] of words) byPage.set(page, found.hits.length);
    return [...byPage].map(([page, found]) => ({ page, hits: found })).filter((page) => page.hits > 0).sort((a, b) => a.page - b.page);
  }, [words, counted]);
  const known = (page: number) => page <= counted.upTo || words.has(page);
  const countAgain = () => {
    setCounted({ ...counted, failed: false });
    setAttempt(attempt + 1);
  };
  return { words, hits, counting: query !== "" && counted.upTo < count && !counted.failed, failed: counted.failed, countAgain, known, need };
}

async function countAll(id: number, query: string, count: number, signal: AbortSignal, take: (counted: Counted) => void): Promise<void> {
  const hits = new Map<number, number>();
  let upTo = 0;
  try {
    for (let from: number | null = 1; from !== null; ) {
      const part: Awaited<ReturnType<typeof fetchHits>> = await fetchHits(id, query, from, signal);
      for (const page of part.items) hits.set(page.page, page.hits);
      from = part.next_page;
      upTo = from === null ? count : from - 1;
      take({ hits: new Map(hits), upTo, failed: false });
    }
  } catch (error) {
    if (!isAbort(error)) take({ hits, upTo, failed: true }); // hits on pages that are looked at are found all the same
  }
}
