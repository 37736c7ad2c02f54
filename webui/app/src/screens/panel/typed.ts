// A line of text that is typed and then saved, while others may change it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { DocumentSave } from "../../state/document";
import { guard } from "../../state/unsaved";
import type { Autosave } from "./autosave";

const fields = new Set<() => boolean>(); // those shown; each tells whether it holds what the server has not

guard({ unsaved: () => [...fields].some((holds) => holds()), forget: () => fields.clear() });

/** `saved` is what the server has, `saving` makes the save of what was typed. What comes in from the server is shown
 *  only where nothing was typed; otherwise the field asks which to keep. */
export function useTyped(saved: string, autosave: Autosave, saving: (text: string) => DocumentSave) {
  const [text, setText] = useState(saved);
  const latest = useRef(saved);
  const mine = useRef(saved); // what was typed last, also where the field shows theirs by now
  const base = useRef(saved); // what the typing began from, or what was sent
  const present = useRef(saved);
  present.current = saved;
  const show = (shown: string) => {
    latest.current = shown;
    setText(shown);
  };
  const type = (typed: string) => {
    mine.current = typed;
    show(typed);
  };
  const saveMine: DocumentSave = (document) => saving(mine.current)(document);
  useEffect(() => {
    const holds = () => latest.current.trim() !== present.current.trim();
    fields.add(holds);
    return () => { fields.delete(holds); };
  }, []);
  const asks = autosave.state.kind === "stale";
  useEffect(() => {
    if (saved === base.current) return;
    const typed = (latest.current !== base.current || autosave.state.kind === "failed") && latest.current !== saved;
    base.current = saved;
    if (asks) return;
    if (typed) autosave.overtaken(saveMine);
    else show(saved);
  }, [saved]);

  /** Saves what was typed; while the field asks which to keep, that comes first. */
  const commit = () => {
    const underWay = autosave.state.kind === "saving" && latest.current === base.current;
    if (asks || underWay || latest.current === saved) return;
    base.current = latest.current;
    void autosave.save(saveMine);
  };
  const drop = () => {
    base.current = saved;
    show(saved);
    autosave.forget();
  };
  const takeTheirs = async () => {
    drop();
    await autosave.takeTheirs();
  };
  return { text, type, commit, drop, autosave: { ...autosave, takeTheirs } };
}
