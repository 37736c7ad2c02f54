// The list of documents: what was found, what is picked, and keeping it fresh.
import { computed, effect, signal } from "@preact/signals";
import { isAbort } from "../api/client";
import { onServerEvent } from "../api/events";
import { documentQuery, largestPage, pageSize } from "../api/document_query";
import { listDocuments, listSimilar } from "../api/documents";
import type { Document, DocumentListItem, DocumentPage } from "../api/types";
import { location } from "../router";
import { listKey, readQuery, type ListQuery } from "../screens/search/query";
import { ownKey } from "./own_key";
import { soon } from "./pace";
import { trashChanges } from "./trash";

export const results = signal<DocumentPage | null>(null);
export const searching = signal(false);
/** Why the list could not be asked for; the one shown stays where it is the same. */
export const searchFailure = signal<unknown>(null);
/** Why the rest of it could not. */
export const moreFailure = signal<unknown>(null);
export const picked = signal<ReadonlyMap<number, DocumentListItem>>(new Map());
/** Whether all that match are picked, also those that are not shown yet. */
export const wholeList = signal(false);
export const listQuery = computed<ListQuery>(() => readQuery(location.value.query));

const key = computed(() => (location.value.path === "/" ? listKey(location.value.query) : ""));
let asking: { of: string; controller: AbortController } | null = null; // the one question that is on its way
let shownKey = "";
let again = false; // the list may have changed since it was asked for

/** Asks in the place of what is on its way, and sees to its end. `ask` may throw. */
async function askNow(ask: (abort: AbortSignal) => Promise<void>, onFailure: (error: unknown) => void): Promise<void> {
  asking?.controller.abort();
  const mine = (asking = { of: key.value, controller: new AbortController() });
  const { signal: abort } = mine.controller;
  searching.value = true;
  try {
    await ask(abort);
  } catch (error) {
    if (!abort.aborted && !isAbort(error)) onFailure(error);
  }
  if (asking !== mine) return;
  asking = null;
  searching.value = false;
  if (again) refreshResults();
  again = false;
}

function search(): Promise<void> {
  const wanted = key.value;
  return askNow(async (abort) => {
    const shown = wanted === shownKey ? results.value?.items.length ?? 0 : 0; // who has scrolled down stays there
    const found = listQuery.value.like ? await similar(Number(listQuery.value.like), abort) : await listFirst(shown, abort);
    if (abort.aborted) return;
    results.value = found;
    searchFailure.value = null;
    moreFailure.value = null;
    if (wanted !== shownKey) pickNone();
    shownKey = wanted;
  }, (error) => {
    searchFailure.value = error;
    if (wanted !== shownKey) results.value = null;
  });
}

/** The first page, and as many more as give `count` rows. */
async function listFirst(count: number, abort: AbortSignal): Promise<DocumentPage> {
  const query = documentQuery(listQuery.value);
  if (count > pageSize) query.set("limit", String(Math.min(count, largestPage)));
  let found = await listDocuments(query, abort);
  while (found.next && found.items.length < count) found = appended(found, await listNext(found.next, query, abort));
  return found;
}

function listNext(cursor: string, query: URLSearchParams, abort: AbortSignal): Promise<DocumentPage> {
  query.set("cursor", cursor);
  return listDocuments(query, abort);
}

function appended(present: DocumentPage, more: DocumentPage): DocumentPage {
  const known = new Set(present.items.map((item) => item.id)); // what came in meanwhile has moved the rest down
  return { ...present, items: [...present.items, ...more.items.filter((item) => !known.has(item.id))], next: more.next };
}

async function similar(id: number, abort: AbortSignal): Promise<DocumentPage> {
  const items = await listSimilar(id, abort);
  return { items, next: null, total: items.length, total_exact: true, facets: {}, did_you_mean: null, query_echo: { chips: [], warnings: [] } };
}

export async function loadMore(): Promise<void> {
  const next = results.value?.next;
  if (!next || searching.value) return;
  await askNow(async (abort) => {
    const more = await listNext(next, documentQuery(listQuery.value), abort);
    if (abort.aborted || !results.value) return;
    results.value = appended(results.value, more); // as it is now: a row of it may have changed
    if (wholeList.value) pickAll();
    moreFailure.value = null;
  }, (error) => { moreFailure.value = error; });
}

const askSoon = soon(() => {
  if (!key.value) return;
  if (asking?.of === key.value) again = true; // what is on its way comes first
  else void search();
});

/** Asks again soon; many reasons within a moment make one question. */
export function refreshResults(delay = 400): void {
  askSoon(delay);
}

/** Takes a document's new state into the row that shows it, without asking for the whole list. */
export function updateRow(document: Document): void {
  const present = results.value;
  if (!present?.items.some((item) => item.id === document.id)) return;
  const items = present.items.map((item) => (item.id === document.id ? { ...document, snippets: item.snippets } : item));
  results.value = { ...present, items };
}

export function togglePick(document: DocumentListItem): void {
  const next = new Map(picked.value);
  if (!next.delete(document.id)) next.set(document.id, document);
  picked.value = next;
  wholeList.value = false;
  pickedFrom = document.id;
}

let pickedFrom = 0; // the row from which a range goes

/** Picks every row from the one that was picked last to this one. */
export function pickTo(document: DocumentListItem): void {
  const items = results.value?.items ?? [];
  const place = (id: number) => items.findIndex((item) => item.id === id);
  const ends = [place(pickedFrom), place(document.id)];
  if (ends.includes(-1) || !picked.value.has(pickedFrom)) return togglePick(document);
  picked.value = new Map([...picked.value, ...items.slice(Math.min(...ends), Math.max(...ends) + 1).map((item): [number, DocumentListItem] => [item.id, item])]);
  wholeList.value = false;
}

/** Picks this row and its neighbour, which it returns; going back over what was picked so lets go of it. */
export function pickOn(document: DocumentListItem, step: 1 | -1): DocumentListItem | undefined {
  const items = results.value?.items ?? [];
  const at = items.indexOf(document);
  const next = items[at + step];
  if (!picked.value.has(document.id)) togglePick(document);
  if (!next) return undefined;
  const from = items.findIndex(({ id }) => id === pickedFrom);
  const back = Math.abs(at + step - from) < Math.abs(at - from);
  const changed = new Map(picked.value).set(next.id, next);
  if (back) changed.delete(document.id);
  picked.value = changed;
  wholeList.value = false;
  return next;
}

export function pickAll(): void {
  picked.value = new Map((results.value?.items ?? []).map((item) => [item.id, item]));
}

/** Not only what is shown. */
export function pickWholeList(): void {
  pickAll();
  wholeList.value = true;
}

/** Of a document that is no longer there to be picked. */
export function unpick(id: number): void {
  const next = new Map(picked.value);
  if (next.delete(id)) picked.value = next;
}

export function pickNone(): void {
  picked.value = new Map();
  wholeList.value = false;
}

/** The type under which documents are dragged: their numbers as JSON. */
export const draggedDocuments = "application/x-muniment-documents";

/** With a picked row all picked ones are dragged; whether that is the whole list, `isWholeList` tells where they are dropped. */
export function dragIds(id: number): number[] {
  return picked.value.has(id) ? [...picked.value.keys()] : [id];
}

export function isWholeList(dragged: readonly number[]): boolean {
  return wholeList.value && dragged.some((id) => picked.value.has(id));
}

export function recentSearches(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(ownKey("recent")) ?? "[]");
    return Array.isArray(stored) ? stored.filter((entry): entry is string => typeof entry === "string") : [];
  } catch {
    return [];
  }
}

export function rememberSearch(text: string): void {
  const trimmed = text.trim();
  if (!trimmed) return;
  try {
    localStorage.setItem(ownKey("recent"), JSON.stringify([trimmed, ...recentSearches().filter((entry) => entry !== trimmed)].slice(0, 8)));
  } catch {
    // without storage there are no recent searches
  }
}

/** Runs for as long as the screen is shown: follows the address, the trash and the server's news. */
export function followList(): () => void {
  const stop = [
    effect(() => { if (key.value) refreshResults(0); }), // what changes together makes one question
    effect(() => { if (trashChanges.value > 0) refreshResults(0); }),
    onServerEvent(({ topic, data }) => {
      const state = data["state"];
      if (topic !== "job" || state === "done" || state === "failed" || state === "waiting") refreshResults();
    }),
  ];
  return () => stop.forEach((end) => end());
}
