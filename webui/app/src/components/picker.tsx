// A field that chooses one of many names (the ARIA combobox pattern). The server finds what fits; at most 50 are shown.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../api/client";
import type { FoundName } from "../api/names";
import { t } from "../i18n";
import { IconButton } from "./controls";

const typingPause = 40; // milliseconds after the last key until the server is asked

/** What was picked; one without an id is yet to be made. */
export interface Choice {
  id?: number;
  name: string;
}

interface Option {
  key: string;
  label: string;
  choice: Choice;
}

export function Picker({ label, value, placeholder, find, onPick, onClear, canCreate, id, disabled, required, inputName, describedBy }: {
  label: string; // for the list; the input itself is labelled by the field around it
  value: string;
  placeholder?: string;
  find: (part: string, signal: AbortSignal) => Promise<FoundName[]>;
  onPick: (chosen: Choice) => void;
  onClear?: () => void;
  canCreate?: boolean;
  id?: string;
  disabled?: boolean;
  required?: boolean;
  inputName?: string;
  describedBy?: string | undefined;
}) {
  const [typed, setTyped] = useState<string | null>(null); // what stands in the field instead of the value
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<{ part: string; names: FoundName[] } | null>(null);
  const wished = useRef(false); // Enter came before the answer for what is typed
  const [active, setActive] = useState(0);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);

  const text = typed ?? value;
  const part = text === value ? "" : text.trim();
  useEffect(() => {
    if (!open) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      find(part, controller.signal).then((names) => { setFound({ part, names }); setActive(0); }, (error: unknown) => {
        if (isAbort(error)) return;
        wished.current = false; // nothing is chosen that was not looked for
        setFound({ part, names: [] });
      });
    }, part ? typingPause : 0);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [open, part]);

  const isAnswered = found?.part === part;
  const names = found?.names ?? [];
  const known = names.some(({ name }) => name.toLowerCase() === part.toLowerCase());
  const options: Option[] = names.slice(0, 50).map((entry) => ({ key: String(entry.id), label: entry.path ?? entry.name, choice: entry }));
  if (canCreate && part && !known) options.push({ key: "+", label: t().panel.create(part), choice: { name: part } });

  const leave = () => {
    wished.current = false;
    setOpen(false);
    setTyped(null);
  };
  const pick = (option: Option | undefined) => {
    if (!option) return;
    leave();
    onPick(option.choice);
  };
  useLayoutEffect(() => {
    if (wished.current && isAnswered) pick(options[0]);
  }, [found]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((active + step + options.length) % Math.max(1, options.length));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (isAnswered) pick(options[active]);
      else wished.current = true;
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      leave();
    }
  };

  return (
    <div class="picker">
      <input ref={input} id={id} class="input" role="combobox" autoComplete="off" value={text} disabled={disabled} required={required} name={inputName}
        aria-expanded={open} aria-controls={open ? listId : undefined} aria-autocomplete="list"
        aria-activedescendant={open && options[active] ? `${listId}-${active}` : undefined} placeholder={placeholder}
        aria-label={id ? undefined : label} aria-describedby={describedBy}
        onInput={(event) => { wished.current = false; setTyped(event.currentTarget.value); setOpen(true); }}
        onFocus={(event) => event.currentTarget.select()} onClick={() => setOpen(true)}
        onBlur={leave} onKeyDown={onKeyDown} />
      {value && onClear && !open && !disabled && (
        <span class="clear"><IconButton icon="close" small label={t().panel.clear(label)} onClick={onClear} /></span>
      )}
      {open && (
        <ul class="options" id={listId} role="listbox" aria-label={label}>
          {options.map((option, index) => (
            <li key={option.key} id={`${listId}-${index}`} class="menu-item" role="option" aria-selected={index === active}
              onMouseDown={(event) => { event.preventDefault(); pick(option); }} onMouseMove={() => setActive(index)}>
              {option.label}
            </li>
          ))}
          {options.length === 0 && found !== null && <li class="menu-item muted" role="option" aria-selected="false" aria-disabled="true">{t().panel.nothingFits}</li>}
        </ul>
      )}
    </div>
  );
}
