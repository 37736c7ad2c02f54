import { call } from "./call";
import { send } from "./client";
import { etagOf, type Document, type DocumentVersion, type VersionDifferences } from "./types";

export async function fetchVersions(document: number): Promise<DocumentVersion[]> {
  return (await call("get", "/api/v1/documents/{id}/versions", { path: { id: document } })).data.items;
}

export async function addVersion(document: Pick<Document, "id" | "version">, file: File, comment: string, keepCheckedOut: boolean): Promise<void> {
  const form = new FormData();
  form.append("comment", comment);
  if (keepCheckedOut) form.append("keep_checked_out", "true");
  form.append("file", file);
  await send("POST", `/api/v1/documents/${document.id}/versions`, { etag: etagOf(document), body: form });
}

export async function restoreVersion(document: Pick<Document, "id" | "version">, number: number): Promise<void> {
  await call("post", "/api/v1/documents/{id}/versions/{number}/restore", { path: { id: document.id, number }, etag: etagOf(document), body: {} });
}

export async function fetchDifferences(document: number, from: number, to: number): Promise<VersionDifferences> {
  return (await call("get", "/api/v1/documents/{id}/versions/{number}/differences", { path: { id: document, number: to }, query: { from } })).data;
}

export async function labelVersion(document: number, number: number, label: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/versions/{number}/labels", { path: { id: document, number }, body: { label } });
}

export async function unlabelVersion(document: number, label: number): Promise<void> {
  await call("delete", "/api/v1/documents/{id}/version-labels/{label}", { path: { id: document, label } });
}

export async function checkOut(document: number, comment: string): Promise<void> {
  await call("put", "/api/v1/documents/{id}/check-out", { path: { id: document }, body: { comment } });
}

export async function endCheckOut(document: number): Promise<void> {
  await call("delete", "/api/v1/documents/{id}/check-out", { path: { id: document } });
}
