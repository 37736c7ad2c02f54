import { call } from "./call";
import { readQuery } from "../screens/search/query";
import type { Answer } from "./client";
import { documentQuery, undeclaredIn } from "./document_query";
import { etagOf, type Document, type DocumentChange, type DocumentListItem, type DocumentPage, type Named, type Note, type PageText, type PageWords, type QuarantineItem } from "./types";

type Versioned = Pick<Document, "id" | "version">;

export async function listDocuments(query: URLSearchParams, signal?: AbortSignal): Promise<DocumentPage> {
  return (await call("get", "/api/v1/documents", { query, ...(signal ? { signal } : {}) })).data;
}

/** How many documents the list of an address has, or about how many. */
export async function countDocuments(address: URLSearchParams, signal: AbortSignal): Promise<Pick<DocumentPage, "total" | "total_exact">> {
  const query = documentQuery(readQuery(address));
  query.delete("facets");
  query.set("limit", "1");
  query.set("hl", "0");
  return listDocuments(query, signal);
}

/** What in a folder is no record yet, of what the asker may read. */
export async function countUndeclaredIn(folder: number): Promise<number> {
  return (await listDocuments(new URLSearchParams({ ...undeclaredIn(folder), hl: "0", limit: "1" }))).total;
}

/** For choosing one by its words. */
export async function findDocuments(part: string, signal: AbortSignal): Promise<Named[]> {
  const { items } = await listDocuments(new URLSearchParams({ q: part, limit: "20", hl: "0" }), signal);
  return items.map(({ id, title }) => ({ id, name: title }));
}

export async function listSimilar(id: number, signal?: AbortSignal): Promise<DocumentListItem[]> {
  return (await call("get", "/api/v1/documents/{id}/similar", { path: { id }, query: { limit: 50 }, ...(signal ? { signal } : {}) })).data.items;
}

export async function notePrint(id: number, pages: readonly number[]): Promise<void> {
  await call("post", "/api/v1/documents/{id}/prints", { path: { id }, body: { pages: [...pages] } });
}

export function fetchDocument(id: number, signal?: AbortSignal): Promise<Answer<Document>> {
  return call("get", "/api/v1/documents/{id}", { path: { id }, ...(signal ? { signal } : {}) });
}

export async function changeDocument(document: Versioned, change: DocumentChange): Promise<Document> {
  return (await call("patch", "/api/v1/documents/{id}", { path: { id: document.id }, etag: etagOf(document), body: change })).data;
}

export async function setAccessList(document: Versioned, accessList: number | null): Promise<Document> {
  return (await call("put", "/api/v1/documents/{id}/access-list", { path: { id: document.id }, etag: etagOf(document), body: { access_list: accessList } })).data;
}

export async function fetchWords(id: number, page: number, q: string, signal: AbortSignal): Promise<PageWords> {
  return (await call("get", "/api/v1/documents/{id}/pages/{page}/words", { path: { id, page }, query: { q }, signal })).data;
}

/** How many hits the pages from `from` on have, and from which page to ask on. */
export async function fetchHits(id: number, q: string, from: number, signal: AbortSignal): Promise<{ items: { page: number; hits: number }[]; next_page: number | null }> {
  return (await call("get", "/api/v1/documents/{id}/hits", { path: { id }, query: { q, from }, signal })).data;
}

export async function fetchPageText(id: number, page: number, signal: AbortSignal): Promise<PageText> {
  return (await call("get", "/api/v1/documents/{id}/pages/{page}/text", { path: { id, page }, signal })).data;
}

/** Returns the text as it is kept: without spaces and line ends that mean nothing. */
export async function correctPageText(document: Versioned, page: number, text: string): Promise<PageText> {
  return (await call("put", "/api/v1/documents/{id}/pages/{page}/text", { path: { id: document.id, page }, etag: etagOf(document), body: { text } })).data;
}

export async function trashDocument(document: Versioned): Promise<void> {
  await call("delete", "/api/v1/documents/{id}", { path: { id: document.id }, etag: etagOf(document) });
}

export async function restoreDocument(id: number): Promise<void> {
  await call("post", "/api/v1/documents/{id}/restore", { path: { id } });
}

export async function listTrash(cursor?: string): Promise<{ items: DocumentListItem[]; next: string | null }> {
  return (await call("get", "/api/v1/trash", { query: { limit: 100, cursor } })).data;
}

/** The job that reads it; null when it was read before, and its pages can be shown again at once. */
export async function unlockDocument(id: number, password: string): Promise<number | null> {
  const answer = await call("post", "/api/v1/documents/{id}/unlock", { path: { id }, body: { password } });
  return answer.status === 204 ? null : answer.data.job;
}

export async function retryDocument(id: number): Promise<void> {
  await call("post", "/api/v1/documents/{id}/retry", { path: { id } });
}

export async function fileWithoutText(id: number): Promise<void> {
  await call("post", "/api/v1/documents/{id}/file-without-text", { path: { id } });
}

/** What waits for a person: what could not be read, and what needs a password. */
export async function listQuarantine(cursor?: string): Promise<{ items: QuarantineItem[]; next: string | null }> {
  return (await call("get", "/api/v1/quarantine", { query: { limit: 100, cursor } })).data;
}

export async function countQuarantine(): Promise<number> {
  return (await call("get", "/api/v1/quarantine", { query: { limit: 1 } })).data.total;
}

/** What nobody has put in a class yet, of what the asker may read. */
export async function countWaiting(): Promise<number> {
  return (await listDocuments(new URLSearchParams({ q: "-has:class", "f.state": "ready", hl: "0", limit: "1" }))).total;
}

export async function fetchNotes(id: number): Promise<Note[]> {
  return (await call("get", "/api/v1/documents/{id}/notes", { path: { id } })).data.items;
}

export async function addNote(id: number, text: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/notes", { path: { id }, body: { text } });
}

export async function removeNote(id: number, note: number): Promise<void> {
  await call("delete", "/api/v1/documents/{id}/notes/{note}", { path: { id, note } });
}

export async function suggest(q: string, signal: AbortSignal): Promise<string[]> {
  const { items } = (await call("get", "/api/v1/suggest", { query: { q, limit: 8 }, signal })).data;
  return [...new Set(items.map((item) => item.text))];
}
