// Other archives that are brought in: sent as one file, looked over, then taken in.
import { call } from "./call";
import type { components } from "./schema";

export type ArchiveImport = components["schemas"]["ArchiveImport"];
export type ArchiveImportDetails = components["schemas"]["ArchiveImportDetails"];
export type ArchiveImportPreview = components["schemas"]["ArchiveImportPreview"];
export type ArchiveImportItem = components["schemas"]["ArchiveImportItem"];

/** The newest first. */
export async function listArchiveImports(): Promise<ArchiveImport[]> {
  return (await call("get", "/api/v1/archive-imports", { query: { limit: 50 } })).data.items;
}

export async function fetchArchiveImport(id: number): Promise<ArchiveImportDetails> {
  return (await call("get", "/api/v1/archive-imports/{id}", { path: { id } })).data;
}

/** `upload` is the address of one that is complete. */
export async function lookOverArchive(upload: string): Promise<number> {
  return (await call("post", "/api/v1/archive-imports", { body: { upload: upload.slice(upload.lastIndexOf("/") + 1) } })).data.id;
}

export async function lookOverAgain(id: number): Promise<void> {
  await call("post", "/api/v1/archive-imports/{id}/preview", { path: { id } });
}

export async function startArchiveImport(id: number): Promise<void> {
  await call("post", "/api/v1/archive-imports/{id}/start", { path: { id } });
}

export async function forgetArchiveImport(id: number): Promise<void> {
  await call("delete", "/api/v1/archive-imports/{id}", { path: { id } });
}

/** Those that something keeps, or would keep, out. */
export async function importProblems(id: number, cursor: string | undefined): Promise<{ items: ArchiveImportItem[]; next: string | null }> {
  return (await call("get", "/api/v1/archive-imports/{id}/documents", { path: { id }, query: { outcome: "problem", limit: 50, cursor } })).data;
}
