// The home of the page: filters, the list, and the open document beside it.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { DocumentListItem } from "../../api/types";
import { later } from "../../components/later";
import { location, setQuery } from "../../router";
import { bindKeys } from "../../keys";
import { showFilters } from "../../state/preferences";
import { mayEdit, mayManageHolds } from "../../state/session";
import { closeDocument, openDocument } from "../../state/document";
import { followList, listQuery, pickAll, picked, pickNone, pickOn, results, togglePick, updateRow, wholeList } from "../../state/search";
import { moveToTrash } from "../../state/trash";
import { Viewer } from "../viewer/viewer";
import { Facets } from "./facets";
import { Results } from "./results";
import { useOpenPlace } from "./use_open_place";

const HoldThese = later(async () => (await import("../records/hold_dialogs")).HoldThese, null);
const MoveDialog = later(async () => (await import("./move")).MoveDialog, null);

export function SearchScreen() {
  const { query } = location.value;
  const id = Number(query.get("doc")) || 0;
  const page = Number(query.get("p")) || 1;

  const [moving, setMoving] = useState<readonly number[]>([]);
  const [holding, setHolding] = useState<readonly number[]>([]);
  useOpenPlace();
  useEffect(() => followList(), []);
  useEffect(() => { if (id === 0) closeDocument(); }, [id]);
  const open = openDocument.value;
  useEffect(() => { if (open) updateRow(open); }, [open]);

  const close = () => {
    setQuery({ doc: null, p: null });
    requestAnimationFrame(() => focusRow(id));
  };
  const show = (row: DocumentListItem | undefined): boolean => {
    if (!row || row.id === id) return false;
    const first = row.snippets[0]?.page ?? 1;
    setQuery({ doc: String(row.id), p: first > 1 ? String(first) : null }, id !== 0);
    return true;
  };
  const step = (by: 1 | -1): boolean => {
    const items = results.value?.items ?? [];
    const row = rowInHand();
    return show(row ? items[items.indexOf(row) + by] ?? row : items[0]);
  };
  // The open document, wherever the focus was left; else that of the row that has it.
  const inHand = () => id || Number(document.activeElement?.closest<HTMLElement>("[data-document]")?.dataset["document"] ?? 0);
  const rowInHand = () => results.value?.items.find((item) => item.id === inHand());
  const selectOn = (by: 1 | -1) => {
    const row = rowInHand() ?? results.value?.items[0];
    const next = row && pickOn(row, by);
    if (!next) return;
    if (row.id === id) step(by);
    else focusRow(next.id);
  };
  const chosen = () => (picked.value.size > 0 ? [...picked.value.keys()] : [inHand()].filter((one) => one > 0));
  const whole = wholeList.value; // whose bar has keys of its own
  const picking = picked.value.size > 0;
  useLayoutEffect(() => bindKeys({
    nextRow: () => { step(1); },
    previousRow: () => { step(-1); },
    select: () => {
      const row = rowInHand();
      if (row) togglePick(row);
    },
    selectDown: () => selectOn(1),
    selectUp: () => selectOn(-1),
    selectAll: pickAll,
    selectNone: pickNone,
    ...(mayEdit.value && !whole ? { move: () => setMoving(chosen()) } : {}),
    ...(mayManageHolds.value && !whole ? { hold: () => setHolding(chosen()) } : {}),
    filters: () => { showFilters.value = !showFilters.value; },
    ...(id > 0 ? { close } : picking ? { close: pickNone } : {}), // the former also while the document is still loading, or cannot be
  }), [id, whole, picking]);
  // What the viewer offers too, where it is open.
  useLayoutEffect(() => (id > 0 ? undefined : bindKeys({
    open: () => { show(rowInHand() ?? results.value?.items[0]); },
    ...(mayEdit.value && !picking ? { trash: () => {
      const row = rowInHand();
      if (row) void moveToTrash([row]);
    } } : {}),
  })), [id, picking]);

  const classes = `workspace ${showFilters.value ? "with-filters" : ""} ${id ? "with-document" : ""}`;
  return (
    <div class={classes}>
      {showFilters.value && <Facets />}
      <Results openId={id} />
      {moving.length > 0 && <MoveDialog documents={moving} onClose={() => setMoving([])} />}
      {holding.length > 0 && <HoldThese documents={holding} onClose={() => setHolding([])} />}
      {id > 0 && <Viewer id={id} query={listQuery.value.q} page={page} onClose={close} onPastHits={step} />}
    </div>
  );
}

function focusRow(id: number): void {
  document.querySelector<HTMLElement>(`[data-document="${id}"] a.title`)?.focus();
}
