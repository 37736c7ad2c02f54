// The correction of a page's text, from its beginning until the server has it.
import { useState } from "preact/hooks";
import { explain, isStale } from "../../api/client";
import { correctPageText, fetchPageText } from "../../api/documents";
import type { PageText } from "../../api/types";
import { loadDocument, openDocument } from "../../state/document";
import { corrections, write } from "../../state/writing";

export type SaveOutcome = { kind: "saved" } | { kind: "overtaken" } | { kind: "failed"; reason: string };

const attempts = 3; // a change of something else of the document is no reason to ask

async function textNow(id: number, page: number): Promise<string> {
  return (await fetchPageText(id, page, new AbortController().signal)).text;
}

/** Saves what is being written about the open document, unless somebody else has changed the text of that page meanwhile. */
export async function saveCorrection(id: number): Promise<SaveOutcome> {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const base = openDocument.value;
      const written = corrections.value.get(id);
      if (base?.id !== id || !written) return { kind: "saved" };
      if ((await textNow(id, written.page)) !== written.began) return { kind: "overtaken" };
      try {
        await correctPageText(base, written.page, written.text);
        write(corrections, id, null);
        await loadDocument(id);
        return { kind: "saved" };
      } catch (error) {
        if (!isStale(error) || attempt === attempts) throw error;
        await loadDocument(id);
      }
    }
  } catch (error) {
    return { kind: "failed", reason: explain(error) };
  }
}

/** The correction of a document as the panel shows it. Of one document: to be keyed by it. */
export function useCorrection(id: number) {
  const [outcome, setOutcome] = useState<SaveOutcome | null>(null);
  const written = corrections.value.get(id);
  const begin = (page: number, { text }: PageText) => {
    setOutcome(null);
    write(corrections, id, { page, began: text, text });
  };
  const edit = (text: string) => { if (written) write(corrections, id, { ...written, text }); };
  const save = async () => {
    const now = await saveCorrection(id);
    setOutcome(now);
    return now.kind === "saved";
  };
  const keepMine = async () => {
    if (!written) return;
    try {
      write(corrections, id, { ...written, began: await textNow(id, written.page) });
      await save();
    } catch (error) {
      setOutcome({ kind: "failed", reason: explain(error) });
    }
  };
  const drop = () => {
    setOutcome(null);
    write(corrections, id, null);
  };
  return { written, outcome, begin, edit, save, keepMine, drop };
}
