// Going from hit to hit through a document, and on to the next one of the list.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { Document } from "../../api/types";
import { bindKeys } from "../../keys";
import { hitAt, hitNumber, settledFirst, stepHit, totalHits, type HitPosition } from "./hits";
import { usePageWords, type KnownWords } from "./page_words";

/** Which way the document was come to by going from hit to hit; backwards its last hit comes first. */
let arriving: 1 | -1 = 1;
/** A step that was asked for while the document was on its way. */
let wished: 1 | -1 | 0 = 0;

/** Remembers the last step that is asked for before the document is open. */
export function useEarlySteps(id: number, isOpen: boolean): void {
  useLayoutEffect(() => {
    if (isOpen) return undefined;
    const stop = bindKeys({ nextHit: () => { wished = 1; }, previousHit: () => { wished = -1; } });
    return () => {
      wished = 0;
      stop();
    };
  }, [id, isOpen]);
}

export interface HitSteps extends KnownWords {
  current: HitPosition | null;
  toHit: (step: 1 | -1) => void;
}

/** `page`: the one in sight, from which on the first hit is looked for. `onPastHits` goes to the next or previous document;
 *  false where there is none. */
export function useHitSteps({ id, version, page_count: count }: Document, query: string, page: number, onPastHits: (step: 1 | -1) => boolean): HitSteps {
  const pageWords = usePageWords(id, version, query, count);
  const { hits, counting, known } = pageWords;
  const [current, setCurrent] = useState<HitPosition | null>(null);
  const [wish, setWish] = useState(wished); // until it is known what comes next

  useEffect(() => setCurrent(null), [query]);
  useEffect(() => {
    if (hitNumber(hits, current) !== 0 || (arriving < 0 && counting)) return;
    setCurrent(arriving < 0 ? hitAt(hits, totalHits(hits)) : settledFirst(hits, page, known, counting));
    if (!counting) arriving = 1;
  }, [hits, counting]);

  const toHit = (step: 1 | -1) => {
    const last = hitNumber(hits, current) === (step > 0 ? totalHits(hits) : 1) || totalHits(hits) === 0;
    if (last && counting) return setWish(step);
    setWish(0);
    arriving = step;
    if (last && onPastHits(step)) return;
    arriving = 1;
    setCurrent(stepHit(hits, current, step, page));
  };
  useEffect(() => {
    const arrived = hitNumber(hits, current) > 0 || (totalHits(hits) === 0 && !counting);
    if (wish !== 0 && arrived) toHit(wish);
  }, [wish, hits, current, counting]);
  return { ...pageWords, current, toHit };
}
