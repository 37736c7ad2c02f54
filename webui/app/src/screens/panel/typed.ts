// A line of text that is typed and then saved, while others may change it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { DocumentSave } from "../../state/document";
import type { Autosave } from "./autosave";

/** `saved` is what the server has, `saving` makes the save of what was typed. What comes in from the server is shown
 *  only where nothing was typed; otherwise the field asks which to keep. */
export function useTyped(saved: string, autosave: Autosave, saving: (text: string) => DocumentSave) {
  const [text, setText] = useState(saved);
  const latest = useRef(saved);
  const base = useRef(saved); // what the typing began from, or what was sent
  const show = (shown: string) => {
    latest.current = shown;
    setText(shown);
  };
  const asks = autosave.state.kind === "stale";
  useEffect(() => {
    if (saved === base.current) return;
    const typed = latest.current !== base.current && latest.current !== saved;
    base.current = saved;
    if (asks) return;
    if (typed) autosave.overtaken((present) => saving(latest.current)(present));
    else show(saved);
  }, [saved]);

  /** Saves what was typed; while the field asks which to keep, that comes first. */
  const commit = () => {
    const underWay = autosave.state.kind === "saving" && latest.current === base.current;
    if (asks || underWay || latest.current === saved) return;
    base.current = latest.current;
    void autosave.save(saving(latest.current));
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
  return { text, type: show, commit, drop, autosave: { ...autosave, takeTheirs } };
}
