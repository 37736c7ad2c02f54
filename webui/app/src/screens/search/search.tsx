// The home of the page: filters, the list, and the open document beside it.
import { useEffect } from "preact/hooks";
import { location, setQuery } from "../../router";
import { bindKeys } from "../../keys";
import { showFilters } from "../../state/preferences";
import { closeDocument, openDocument } from "../../state/document";
import { followList, listQuery, pickAll, pickNone, results, togglePick, updateRow } from "../../state/search";
import { Viewer } from "../viewer/viewer";
import { Facets } from "./facets";
import { Results } from "./results";

export function SearchScreen() {
  const { query } = location.value;
  const id = Number(query.get("doc")) || 0;
  const page = Number(query.get("p")) || 1;

  useEffect(() => followList(), []);
  useEffect(() => { if (id === 0) closeDocument(); }, [id]);
  const open = openDocument.value;
  useEffect(() => { if (open) updateRow(open); }, [open]);

  const close = () => {
    setQuery({ doc: null, p: null });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-document="${id}"] a.title`)?.focus());
  };
  const step = (by: 1 | -1): boolean => {
    const items = results.value?.items ?? [];
    const at = items.findIndex((item) => item.id === id);
    const next = items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + by))];
    if (!next || next.id === id) return false;
    const first = next.snippets[0]?.page ?? 1;
    setQuery({ doc: String(next.id), p: first > 1 ? String(first) : null }, id !== 0);
    document.querySelector(`[data-document="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
    return true;
  };
  useEffect(() => bindKeys({
    nextRow: () => { step(1); },
    previousRow: () => { step(-1); },
    open: () => { if (id === 0) step(1); },
    select: () => {
      const item = results.value?.items.find((candidate) => candidate.id === id);
      if (item) togglePick(item);
    },
    selectAll: pickAll,
    selectNone: pickNone,
    filters: () => { showFilters.value = !showFilters.value; },
  }), [id]);

  const classes = `workspace ${showFilters.value ? "with-filters" : ""} ${id ? "with-document" : ""}`;
  return (
    <div class={classes}>
      {showFilters.value && <Facets />}
      <Results openId={id} />
      {id > 0 && <Viewer id={id} query={listQuery.value.q} page={page} onClose={close} onPastHits={step} />}
    </div>
  );
}
