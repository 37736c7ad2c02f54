// The search field that is on every screen (the ARIA combobox pattern): results follow while one types.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { suggest } from "../../api/documents";
import { IconButton } from "../../components/controls";
import { Icon } from "../../components/icon";
import { t } from "../../i18n";
import { bindKeys } from "../../keys";
import { location, navigate, setQuery } from "../../router";
import { recentSearches, rememberSearch } from "../../state/search";

const typingPause = 25; // milliseconds after the last key until the results follow
const suggestPause = 120;

function shownText(): string {
  return location.value.path === "/" ? location.value.query.get("q") ?? "" : "";
}

export function SearchBox() {
  const shown = shownText();
  const [text, setText] = useState(shown);
  const [options, setOptions] = useState<string[]>([]);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const listId = useId();

  const asked = useRef(shown); // what the address says of it, as far as this field knows
  useEffect(() => {
    const now = shownText();
    if (now !== asked.current) setText(now); // the field itself asks for less than stands in it, and goes on being typed in
    asked.current = now;
  }, [shown]);
  useLayoutEffect(() => bindKeys({ search: () => { input.current?.focus(); input.current?.select(); } }), []);
  useEffect(() => {
    if (!open) return;
    if (!text.trim()) return setOptions(recentSearches());
    const controller = new AbortController();
    const wait = setTimeout(() => {
      suggest(text, controller.signal).then(setOptions, (error: unknown) => { if (!isAbort(error)) setOptions([]); });
    }, suggestPause);
    return () => {
      clearTimeout(wait);
      controller.abort();
    };
  }, [text, open]);

  const go = (q: string, replace: boolean) => {
    clearTimeout(timer.current);
    asked.current = q;
    if (location.value.path === "/") setQuery({ q, doc: null, p: null, like: null, sort: null }, replace);
    else navigate(q ? `/?q=${encodeURIComponent(q)}` : "/");
  };
  const type = (value: string) => {
    setText(value);
    setOpen(true);
    setActive(-1);
    clearTimeout(timer.current);
    if (location.value.path === "/") timer.current = setTimeout(() => go(value.trim(), true), typingPause);
  };
  const submit = (value: string) => {
    setText(value);
    setOpen(false);
    setActive(-1);
    rememberSearch(value);
    go(value.trim(), false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = open ? options.length : 0;
    if (event.key === "ArrowDown" && count > 0) { event.preventDefault(); setActive((active + 1) % count); }
    else if (event.key === "ArrowUp" && count > 0) { event.preventDefault(); setActive((active <= 0 ? count : active) - 1); }
    else if (event.key === "ArrowDown") { event.preventDefault(); document.querySelector<HTMLElement>(".row a.title")?.focus(); }
    else if (event.key === "Enter") { event.preventDefault(); submit(options[active] && open ? options[active] : text); }
    else if (event.key === "Escape") {
      event.preventDefault();
      if (open && count > 0) setOpen(false);
      else if (text) submit("");
      else input.current?.blur();
    }
  };

  const expanded = open && options.length > 0;
  return (
    <search class="search-box">
      <span class="glass"><Icon name="search" /></span>
      <input ref={input} type="search" list={undefined} role="combobox" aria-label={t().search.label} placeholder={t().search.placeholder} autoComplete="off"
        spellcheck={false} enterKeyHint="search" aria-expanded={expanded} aria-controls={expanded ? listId : undefined} aria-autocomplete="list"
        aria-activedescendant={expanded && active >= 0 ? `${listId}-${active}` : undefined} value={text}
        onInput={(event) => type(event.currentTarget.value)} onKeyDown={onKeyDown} onFocus={() => setActive(-1)} onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)} />
      <span class="end">
        {text ? <IconButton icon="close" small label={t().search.clear} onClick={() => { submit(""); input.current?.focus(); }} /> : <kbd aria-hidden="true">/</kbd>}
      </span>
      {expanded && (
        <ul class="suggest" id={listId} role="listbox" aria-label={text.trim() ? t().search.suggestions : t().search.recent}>
          {options.map((option, index) => (
            <li key={option} id={`${listId}-${index}`} class="menu-item" role="option" aria-selected={index === active}
              onMouseDown={(event) => { event.preventDefault(); submit(option); }}>
              <Icon name={text.trim() ? "search" : "clock"} size={16} /><span class="grow">{option}</span>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
