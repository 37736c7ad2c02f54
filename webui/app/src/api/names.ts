// The vocabularies of the catalogue (types, correspondents, tags) and the places in the file plan.
import { call } from "./call";
import { ApiError } from "./client";
import { fetchLimits } from "./limits";
import type { Named } from "./types";

/** What a field to choose from asks for at once; who wants others types more of the name. */
export const mostFound = 50;

export type Vocabulary = "types" | "correspondents" | "tags";

/** Of a tag `path` names those above it too. */
export type FoundName = Named & { path?: string };

export async function listNames(vocabulary: Vocabulary, part: string, signal?: AbortSignal): Promise<FoundName[]> {
  return (await call("get", `/api/v1/${vocabulary}`, { query: { q: part, limit: mostFound }, ...(signal ? { signal } : {}) })).data.items;
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

/** Classes that accept something new, by a part of their code or title. */
export async function findClasses(part: string, signal?: AbortSignal): Promise<FoundName[]> {
  const { items } = (await call("get", "/api/v1/classes", { query: { q: part, open: "true", limit: mostFound }, ...(signal ? { signal } : {}) })).data;
  return items.map(({ id, code, title }) => ({ id, name: `${code} ${title}` }));
}

/** Open folders by a part of their title, of one class or of all. */
export async function findFolders(part: string, inClass: number | undefined, signal: AbortSignal): Promise<FoundName[]> {
  const { items } = (await call("get", "/api/v1/folders", { query: { q: part, class: inClass, open: "true", limit: mostFound }, signal })).data;
  return items.map((folder) => ({ id: folder.id, name: folder.title, path: `${folder.title} (${folder.class.code})` }));
}

/** People by a part of their name; for those who manage access. */
export async function findPeople(part: string, signal?: AbortSignal): Promise<FoundName[]> {
  return (await call("get", "/api/v1/subjects", { query: { q: part, subject: "account", limit: mostFound }, ...(signal ? { signal } : {}) })).data.items;
}

export async function findAccessLists(part: string, signal?: AbortSignal): Promise<FoundName[]> {
  return (await call("get", "/api/v1/access-lists", { query: { q: part, limit: mostFound }, ...(signal ? { signal } : {}) })).data.items;
}

/** The languages that documents are read in here, as Tesseract names them. */
export async function readingLanguages(): Promise<string[]> {
  return (await fetchLimits()).languages;
}
