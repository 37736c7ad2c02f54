// The vocabularies of the catalogue (types, correspondents, tags) and the places in the file plan.
import { call, everyPage } from "./call";
import { ApiError } from "./client";
import type { Named } from "./types";

export type Vocabulary = "types" | "correspondents" | "tags";

/** Of a tag `path` names those above it too. */
export type FoundName = Named & { path?: string };

export async function listNames(vocabulary: Vocabulary, part: string, signal?: AbortSignal): Promise<FoundName[]> {
  return (await call("get", `/api/v1/${vocabulary}`, { query: { q: part, limit: 50 }, ...(signal ? { signal } : {}) })).data.items;
}

/** The entry with that name, made when there is none. */
export async function ensureName(vocabulary: Vocabulary, name: string): Promise<Named> {
  try {
    return (await call("post", `/api/v1/${vocabulary}`, { body: { name } })).data;
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 409) throw error;
    const found = (await listNames(vocabulary, name)).find((entry) => entry.name.toLowerCase() === name.toLowerCase());
    if (!found) throw error;
    return found;
  }
}

export interface Place {
  id: number;
  label: string;
}

export async function listClasses(): Promise<Place[]> {
  const items = await everyPage((cursor) => call("get", "/api/v1/classes", { query: { limit: 200, cursor } }));
  return items.map(({ id, code, title }) => ({ id, label: `${code} ${title}` }));
}

export async function listFolders(): Promise<Place[]> {
  const items = await everyPage((cursor) => call("get", "/api/v1/folders", { query: { limit: 200, cursor } }));
  return items.map(({ id, title }) => ({ id, label: title }));
}

/** The languages that documents are read in here, as Tesseract names them. */
export async function readingLanguages(): Promise<string[]> {
  return (await call("get", "/api/v1/limits", {})).data.languages;
}
