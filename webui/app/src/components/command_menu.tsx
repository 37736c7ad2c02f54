// Everything that can be done here and now, found by typing; every row shows its key.
import { useId, useMemo, useState } from "preact/hooks";
import { listSavedViews } from "../api/saved_views";
import { tLater } from "../i18n";
import { commandsNow } from "./commands";
import { Dialog } from "./dialog";
import { keyLabel } from "./help_dialog";
import { useLoaded } from "./use_loaded";

export function CommandMenu({ onClose }: { onClose: () => void }) {
  const lists = useLoaded(listSavedViews).data;
  const commands = useMemo(() => commandsNow(lists ?? []), [lists]);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const wanted = text.trim().toLowerCase();
  const found = commands.filter(({ name }) => name.toLowerCase().includes(wanted));

  const run = (index: number) => {
    const command = found[index];
    if (!command) return;
    onClose();
    requestAnimationFrame(command.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (active + step + found.length) % Math.max(1, found.length);
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(active);
    }
  };
  return (
    <Dialog title={tLater().commands.title} onClose={onClose}>
      <input class="input" role="combobox" aria-label={tLater().commands.placeholder} placeholder={tLater().commands.placeholder} value={text} autoComplete="off"
        aria-expanded="true" aria-controls={listId} aria-activedescendant={found[active] ? `${listId}-${active}` : undefined} autoFocus
        onInput={(event) => { setText(event.currentTarget.value); setActive(0); }} onKeyDown={onKeyDown} />
      <ul id={listId} role="listbox" aria-label={tLater().commands.title} tabIndex={-1}>
        {found.map(({ id, name, key }, index) => (
          <li key={id} id={`${listId}-${index}`} class="menu-item" role="option" aria-selected={index === active} onClick={() => run(index)}>
            <span class="grow">{name}</span>
            {key && <kbd>{keyLabel(key)}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="muted">{tLater().commands.none}</p>}
    </Dialog>
  );
}
