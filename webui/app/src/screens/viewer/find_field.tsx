// The field for words that are looked for inside the open document.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../components/controls";
import { tLater } from "../../i18n";
import type { Finding } from "./find";

const pause = 250; // milliseconds after the last letter

export function FindField({ finding, onStep, onClose }: { finding: Finding; onStep: (step: 1 | -1) => void; onClose: () => void }) {
  const text = tLater().finding;
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const found = useRef("");
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [finding.times]);
  const find = () => {
    found.current = typed;
    finding.find(typed);
  };
  useEffect(() => {
    const timer = setTimeout(find, pause);
    return () => clearTimeout(timer);
  }, [typed]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (event.key !== "Enter" || event.isComposing) return;
    else if (found.current === typed) onStep(event.shiftKey ? -1 : 1);
    else find();
    event.preventDefault();
  };
  return (
    <div class="find">
      <input ref={field} class="input" type="text" aria-label={text.inDocument} placeholder={text.inDocument} value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKeyDown} />
      <IconButton icon="close" label={text.endFinding} onClick={onClose} />
    </div>
  );
}
