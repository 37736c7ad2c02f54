// What waits to be filed, and the places to file it in.
import { call } from "./call";
import { largestPage } from "./document_query";
import { fetchHits, fetchWords, listDocuments } from "./documents";
import { type Class, type DocumentListItem, type Folder, type PageWords } from "./types";

export interface Waiting {
  items: DocumentListItem[];
  more: boolean; // there are others after these
}

/** Whether the asker could file it as it is. The index may still find what was filed or thrown away a moment ago. */
function canBeFiled(document: DocumentListItem): boolean {
  return document.class === null && document.trashed_at === null && document.may_change && !document.on_hold && !document.is_record;
}

/** The documents without a class, what came first before the others: the first page that has some that are not `known`. */
export async function fetchWaiting(known: (id: number) => boolean): Promise<Waiting> {
  const query = new URLSearchParams({ q: "-has:class", "f.state": "ready", sort: "added", hl: "0", limit: String(largestPage) });
  for (;;) {
    const page = await listDocuments(query);
    const items = page.items.filter((document) => canBeFiled(document) && !known(document.id));
    if (items.length > 0 || page.next === null) return { items, more: page.next !== null };
    query.set("cursor", page.next);
  }
}

/** The schedule of a class or a folder, null where there is none. */
export async function scheduleOf(kind: "classes" | "folders", id: number): Promise<string | null> {
  const place: Class | Folder = (await call("get", `/api/v1/${kind}/{id}`, { path: { id } })).data;
  return place.schedule?.name ?? null;
}

/** The first page, from `from` on, on which these words stand one after the other, with the words as its hits; null where there is none. */
export async function findPhrase(id: number, phrase: string, from: number, signal: AbortSignal): Promise<{ page: number; words: PageWords } | null> {
  const q = `"${phrase.replaceAll('"', " ").trim()}"`;
  const page = (await fetchHits(id, q, from, signal)).items.find(({ hits }) => hits > 0)?.page;
  return page === undefined ? null : { page, words: await fetchWords(id, page, q, signal) };
}
