// Going from one word that was read with doubt to the next. Pages that were not looked at yet are asked for, one by one.
import { useEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { fetchWords } from "../../api/documents";
import type { PageWords } from "../../api/types";
import { t } from "../../i18n";
import { showDoubtful } from "../../state/preferences";
import { showToast } from "../../state/toasts";
import { doubtfulWords, type HitPosition } from "./hits";

export interface Doubtful {
  at: HitPosition | null;
  step: (step: 1 | -1, page: number) => Promise<void>;
}

/** Of one document: to be used by a component that is keyed by it. */
export function useDoubtful(documentId: number, count: number, words: ReadonlyMap<number, PageWords>): Doubtful {
  const [at, setAt] = useState<HitPosition | null>(null);
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), []);
  useEffect(() => { if (!showDoubtful.value) setAt(null); }, [showDoubtful.value]);

  const step = async (by: 1 | -1, page: number) => {
    showDoubtful.value = true;
    controller.current.abort();
    const { signal } = (controller.current = new AbortController());
    try {
      for (let number = at?.page ?? page; number >= 1 && number <= count; number += by) {
        const found = words.get(number) ?? (await fetchWords(documentId, number, "", signal));
        if (signal.aborted) return;
        const all = doubtfulWords(found.lines).length;
        const index = at?.page === number ? at.index + by : by > 0 ? 0 : all - 1;
        if (index >= 0 && index < all) return setAt({ page: number, index });
      }
      showToast(t().viewer.noDoubtful);
    } catch (error) {
      if (!isAbort(error)) showToast(t().viewer.pageFailed);
    }
  };
  return { at, step };
}
