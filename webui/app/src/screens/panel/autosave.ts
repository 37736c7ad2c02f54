// Every field of a document saves itself. A field that lost a race (412) keeps what was typed and asks which to keep.
import { useState } from "preact/hooks";
import { explain, isStale } from "../../api/client";
import { loadDocument, openDocument, saveDocument, type DocumentSave } from "../../state/document";

export type SaveState =
  | { kind: "idle" }
  | { kind: "saving" }
  | { kind: "saved" }
  | { kind: "failed"; reason: string }
  | { kind: "stale"; save: DocumentSave };

export interface Autosave {
  state: SaveState;
  save: (save: DocumentSave) => Promise<void>;
  keepMine: () => Promise<void>;
  takeTheirs: () => Promise<void>;
}

export function useAutosave(): Autosave {
  const [state, setState] = useState<SaveState>({ kind: "idle" });

  const save = async (wanted: DocumentSave) => {
    setState({ kind: "saving" });
    try {
      await saveDocument(wanted);
      setState({ kind: "saved" });
    } catch (error) {
      setState(isStale(error) ? { kind: "stale", save: wanted } : { kind: "failed", reason: explain(error) });
    }
  };
  const reload = async () => {
    const id = openDocument.value?.id;
    if (id) await loadDocument(id);
  };
  const keepMine = async () => {
    if (state.kind !== "stale") return;
    await reload();
    await save(state.save);
  };
  const takeTheirs = async () => {
    await reload();
    setState({ kind: "idle" });
  };
  return { state, save, keepMine, takeTheirs };
}
