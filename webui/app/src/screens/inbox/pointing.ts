// Where on the pages the field that has the focus got its value.
import { useEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { findPhrase } from "../../api/inbox";
import { hitRectangles, type Rectangle } from "../viewer/hits";

/** A place on a page, in the units of its words. */
export interface Pointed {
  page: number;
  boxes: readonly Rectangle[];
}

export interface Pointing {
  pointed: Pointed | null;
  /** Looks for the words from `page` on; empty ones point at nothing. */
  pointAt: (phrase: string, page?: number) => void;
  outline: (place: Pointed) => void;
}

export function usePointing(document: number): Pointing {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const looking = useRef<AbortController | null>(null);
  useEffect(() => () => looking.current?.abort(), []);

  const outline = (place: Pointed | null) => {
    looking.current?.abort();
    setPointed(place);
  };
  const pointAt = (phrase: string, page = 1) => {
    outline(null);
    if (phrase.trim() === "") return;
    const controller = new AbortController();
    looking.current = controller;
    findPhrase(document, phrase, page, controller.signal).then((at) => {
      const [hit] = at?.words.hits ?? [];
      if (at && hit && !controller.signal.aborted) setPointed({ page: at.page, boxes: hitRectangles(at.words.lines, hit) });
    }, (error: unknown) => { if (!isAbort(error)) setPointed(null); }); // an aid: without it the page is shown as it is
  };
  return { pointed, pointAt, outline };
}
