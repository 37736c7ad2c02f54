// Every field of a document saves itself. A field that lost a race keeps what was typed and asks which to keep.
import { useEffect, useRef, useState } from "preact/hooks";
import { explain, isStale } from "../../api/client";
import { openDocument, reloadIfOpen, saveDocument, savesEnded, type DocumentSave } from "../../state/document";
import { guard } from "../../state/unsaved";

export type SaveState =
  | { kind: "idle" }
  | { kind: "saving" }
  | { kind: "saved" }
  | { kind: "failed"; reason: string }
  | { kind: "stale"; save: DocumentSave };

export interface Autosave {
  state: SaveState;
  save: (save: DocumentSave) => Promise<void>;
  /** Asks which to keep; `save` is for keeping mine. */
  overtaken: (save: DocumentSave) => void;
  keepMine: () => Promise<void>;
  takeTheirs: () => Promise<void>;
  /** What was typed has been taken back. */
  forget: () => void;
}

const unsettled = new Set<object>(); // fields that hold something the server has not taken

guard({ unsaved: () => unsettled.size > 0, forget: () => unsettled.clear() });

export function useAutosave(): Autosave {
  const [state, setState] = useState<SaveState>({ kind: "idle" });
  const field = useRef({});
  const become = (next: SaveState) => {
    if (next.kind === "failed" || next.kind === "stale") unsettled.add(field.current);
    else unsettled.delete(field.current);
    setState(next);
  };
  useEffect(() => () => { unsettled.delete(field.current); }, []);

  const save = async (wanted: DocumentSave) => {
    become({ kind: "saving" });
    try {
      await saveDocument(wanted);
      become({ kind: "saved" });
    } catch (error) {
      become(isStale(error) ? { kind: "stale", save: wanted } : { kind: "failed", reason: explain(error) });
    }
  };
  const reload = async () => {
    const id = openDocument.value?.id;
    if (id) await reloadIfOpen(id);
  };
  const keepMine = async () => {
    if (state.kind !== "stale") return;
    await reload();
    await save(state.save);
  };
  const takeTheirs = async () => {
    await reload();
    become({ kind: "idle" });
  };
  return { state, save, overtaken: (mine) => become({ kind: "stale", save: mine }), keepMine, takeTheirs, forget: () => become({ kind: "idle" }) };
}

/** Has the field that is being typed in save itself, and waits for all that save. False where something is not saved. */
export async function saveFields(): Promise<boolean> {
  const { activeElement: field } = document;
  if (field instanceof HTMLInputElement && field.getAttribute("aria-expanded") === "true") return false; // nothing is chosen yet
  if (field instanceof HTMLElement && field.closest(".panel")) {
    field.blur();
    field.focus();
  }
  await savesEnded();
  return unsettled.size === 0;
}
