// The home of the page: filters, the list, and the open document beside it.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { later } from "../../components/later";
import { location, setQuery } from "../../router";
import { bindKeys } from "../../keys";
import { showFilters } from "../../state/preferences";
import { mayEdit } from "../../state/session";
import { closeDocument, openDocument } from "../../state/document";
import { followList, listQuery, pickAll, picked, pickNone, results, togglePick, updateRow } from "../../state/search";
import { Viewer } from "../viewer/viewer";
import { Facets } from "./facets";
import { Results } from "./results";

const MoveDialog = later(async () => (await import("./move")).MoveDialog, null);

export function SearchScreen() {
  const { query } = location.value;
  const id = Number(query.get("doc")) || 0;
  const page = Number(query.get("p")) || 1;

  const [moving, setMoving] = useState<readonly number[]>([]);
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
    return true;
  };
  useLayoutEffect(() => bindKeys({
    nextRow: () => { step(1); },
    previousRow: () => { step(-1); },
    open: () => { if (id === 0) step(1); },
    select: () => {
      const item = results.value?.items.find((candidate) => candidate.id === id);
      if (item) togglePick(item);
    },
    selectAll: pickAll,
    selectNone: pickNone,
    ...(mayEdit.value ? { move: () => setMoving(picked.value.size > 0 ? [...picked.value.keys()] : id > 0 ? [id] : []) } : {}),
    filters: () => { showFilters.value = !showFilters.value; },
  }), [id]);

  const classes = `workspace ${showFilters.value ? "with-filters" : ""} ${id ? "with-document" : ""}`;
  return (
    <div class={classes}>
      {showFilters.value && <Facets />}
      <Results openId={id} />
      {moving.length > 0 && <MoveDialog documents={moving} onClose={() => setMoving([])} />}
      {id > 0 && <Viewer id={id} query={listQuery.value.q} page={page} onClose={close} onPastHits={step} />}
    </div>
  );
}
