// The correction of a page's text, from its beginning until the server has it.
import { useState } from "preact/hooks";
import { explain, isStale } from "../../api/client";
import { correctPageText, fetchDocument, fetchPageText } from "../../api/documents";
import type { Document, PageText } from "../../api/types";
import { openDocument, reloadIfOpen } from "../../state/document";
import { corrections, write, type Correction } from "../../state/writing";

export type SaveOutcome = { kind: "saved" } | { kind: "overtaken" } | { kind: "failed"; reason: string };

const attempts = 3; // a change of something else of the document is no reason to ask

async function textNow(id: number, page: number): Promise<string> {
  return (await fetchPageText(id, page, new AbortController().signal)).text;
}

async function documentNow(id: number): Promise<Document> {
  return (await fetchDocument(id, new AbortController().signal)).data;
}

let lastSave: Promise<unknown> = Promise.resolve();

/** Saves what is being written about the document, unless somebody else has changed the text of that page meanwhile. One
 *  save follows the other, so that none takes the one before for somebody else's. */
export function saveCorrection(id: number): Promise<SaveOutcome> {
  const save = lastSave.then(() => saveNow(id));
  lastSave = save;
  return save;
}

async function saveNow(id: number): Promise<SaveOutcome> {
  try {
    const open = openDocument.value;
    let base = open?.id === id ? open : null;
    for (let attempt = 1; ; attempt += 1) {
      const written = corrections.value.get(id);
      if (!written) return { kind: "saved" };
      if ((await textNow(id, written.page)) !== written.began) return { kind: "overtaken" };
      try {
        const kept = await correctPageText(base ?? await documentNow(id), written.page, written.text);
        settle(id, written, kept.text);
        await reloadIfOpen(id);
        return { kind: "saved" };
      } catch (error) {
        if (!isStale(error) || attempt === attempts) throw error;
        base = null;
      }
    }
  } catch (error) {
    return { kind: "failed", reason: explain(error) };
  }
}

/** The server has `saved`, and keeps it as `kept`; what was typed since goes on from there. */
function settle(id: number, saved: Correction, kept: string): void {
  const now = corrections.value.get(id);
  if (now?.page !== saved.page) return; // let go of meanwhile, or another page is corrected by now
  write(corrections, id, now.text === saved.text ? null : { ...now, began: kept });
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
