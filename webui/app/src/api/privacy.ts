// What people ask about themselves: where they occur, erasure, restriction.
import { call } from "./call";
import { saveFile } from "./files";
import { etagOf, type ErasureItem, type ErasureRequest, type SubjectReport } from "./types";

export type RefusalGround = NonNullable<ErasureItem["ground"]>;
export type Decision = Exclude<ErasureItem["decision"], "pending">;

export async function fetchSubjectReport(queries: readonly string[]): Promise<SubjectReport> {
  return (await call("post", "/api/v1/subject-report", { body: { queries: [...queries] } })).data;
}

/** The same as a file; the texts stay out of the address, and so out of every log. */
export async function saveSubjectReport(queries: readonly string[], kind: "csv" | "pdf"): Promise<void> {
  await saveFile(`/api/v1/subject-report.${kind}`, { queries }, `subject.${kind}`);
}

export async function erasureRequestsFrom(cursor?: string): Promise<{ items: ErasureRequest[]; next: string | null }> {
  return (await call("get", "/api/v1/erasure-requests", { query: { limit: 50, cursor } })).data;
}

export async function fetchErasureRequest(id: number): Promise<ErasureRequest> {
  return (await call("get", "/api/v1/erasure-requests/{id}", { path: { id } })).data;
}

export async function erasureItems(id: number): Promise<ErasureItem[]> {
  return (await call("get", "/api/v1/erasure-requests/{id}/documents", { path: { id } })).data.items;
}

export async function openErasureRequest(subject: string, queries: readonly string[], received: string): Promise<ErasureRequest> {
  return (await call("post", "/api/v1/erasure-requests", { body: { subject, queries: [...queries], received_on: received } })).data;
}

export async function decideErasure(id: number, documents: readonly number[], decision: Decision, ground: RefusalGround | null, reason: string): Promise<void> {
  await call("post", "/api/v1/erasure-requests/{id}/decide", { path: { id }, body: { documents: [...documents], decision, reason, ...(ground ? { ground } : {}) } });
}

export async function extendErasureRequest(request: ErasureRequest, reason: string): Promise<void> {
  await call("post", "/api/v1/erasure-requests/{id}/extend", { path: { id: request.id }, etag: etagOf(request), body: { reason } });
}

export async function closeErasureRequest(request: ErasureRequest): Promise<void> {
  await call("post", "/api/v1/erasure-requests/{id}/close", { path: { id: request.id }, etag: etagOf(request), body: {} });
}

export async function isRestricted(id: number): Promise<boolean> {
  return (await call("get", "/api/v1/documents/{id}/restriction", { path: { id } })).data.restricted;
}

export async function setRestricted(id: number, restricted: boolean, reason: string): Promise<void> {
  await call("put", "/api/v1/documents/{id}/restriction", { path: { id }, body: { restricted, reason } });
}
