// Filing what stands in the form, and what to do when the server does not take it.
import { useRef, useState } from "preact/hooks";
import { explain, isStale } from "../../api/client";
import { fetchDocument } from "../../api/documents";
import type { Document } from "../../api/types";
import { file, passOver, throwAway } from "../../state/inbox";
import { forgetDraft } from "../../state/inbox_drafts";
import type { Draft } from "./draft";

export type Missing = "title" | "place";
export type Problem = { kind: Missing | "stale" } | { kind: "failed"; reason: string };

function missingIn(draft: Draft): Missing | null {
  if (draft.title.trim() === "") return "title";
  return draft.class === null && draft.folder === null ? "place" : null;
}

/** Saves the draft, which was made from `base`. `reload` shows the document as it is now; `onMissing` hears what has to be filled in first. */
export function useSaving(base: Document, draft: { readonly current: Draft }, reload: () => Promise<void>, onMissing: (missing: Missing) => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const busy = useRef(false);

  const attempt = async (step: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    setProblem(null);
    try {
      await step();
    } catch (error) {
      setProblem({ kind: "failed", reason: explain(error) });
    } finally {
      busy.current = false;
    }
  };
  const saveOver = async (present: Document) => {
    try {
      await file(base, present, draft.current);
    } catch (error) {
      if (!isStale(error)) throw error;
      setProblem({ kind: "stale" });
    }
  };
  const save = async () => {
    const missing = missingIn(draft.current);
    if (!missing) return attempt(() => saveOver(base));
    setProblem({ kind: missing });
    onMissing(missing);
  };
  const keepMine = () => attempt(async () => saveOver((await fetchDocument(base.id)).data));
  const takeTheirs = () => attempt(async () => {
    const { data } = await fetchDocument(base.id);
    forgetDraft(base.id);
    if (data.class) await passOver(data.id);
    else await reload();
  });
  const discard = () => attempt(() => throwAway(base));
  return { problem, save, keepMine, takeTheirs, discard };
}
