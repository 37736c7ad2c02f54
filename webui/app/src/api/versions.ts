import { call } from "./call";
import { send } from "./client";
import { etagOf, type Document, type DocumentVersion } from "./types";

export async function fetchVersions(document: number): Promise<DocumentVersion[]> {
  return (await call("get", "/api/v1/documents/{id}/versions", { path: { id: document } })).data.items;
}

export async function addVersion(document: Pick<Document, "id" | "version">, file: File, comment: string): Promise<void> {
  const form = new FormData();
  form.append("comment", comment);
  form.append("file", file);
  await send("POST", `/api/v1/documents/${document.id}/versions`, { etag: etagOf(document), body: form });
}
