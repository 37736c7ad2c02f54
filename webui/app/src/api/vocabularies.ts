// Tidying types, correspondents and tags.
import { call } from "./call";
import type { Vocabulary } from "./names";
import type { UsedName, UsedNamePage, UsedTagPage } from "./types";

export async function listUsedNames(vocabulary: Vocabulary, q: string, cursor?: string): Promise<UsedNamePage> {
  return (await call("get", `/api/v1/${vocabulary}/used`, { query: { q, limit: 100, ...(cursor ? { cursor } : {}) } })).data;
}

/** Directly below this tag; 0: at the top. */
export async function listTagsBelow(parent: number, cursor?: string): Promise<UsedTagPage> {
  return (await call("get", "/api/v1/tags/used", { query: { parent, limit: 100, ...(cursor ? { cursor } : {}) } })).data;
}

export async function createEntry(vocabulary: Vocabulary, name: string): Promise<void> {
  await call("post", `/api/v1/${vocabulary}`, { body: { name } });
}

export async function moveTag(id: number, parent: number | null): Promise<void> {
  await call("patch", "/api/v1/tags/{id}", { path: { id }, body: { parent } });
}

export async function renameEntry(vocabulary: Vocabulary, entry: UsedName, name: string): Promise<void> {
  await call("patch", `/api/v1/${vocabulary}/{id}`, { path: { id: entry.id }, body: { name } });
}

/** How many documents were changed. */
export async function mergeEntries(vocabulary: Vocabulary, entry: UsedName, into: number): Promise<number> {
  return (await call("post", `/api/v1/${vocabulary}/{id}/merge`, { path: { id: entry.id }, body: { into } })).data.documents;
}

export async function deleteEntry(vocabulary: Vocabulary, entry: UsedName): Promise<void> {
  await call("delete", `/api/v1/${vocabulary}/{id}`, { path: { id: entry.id } });
}
