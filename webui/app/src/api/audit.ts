// The audit log: its newest entries, checkpoints and proofs.
import { call } from "./call";
import type { AuditCheckpoint, AuditEntry } from "./types";

export interface AuditFilter {
  account?: number;
  object?: string;
  object_id?: number;
  action?: string;
  from?: string; // the first day, as this browser's place has it
  through?: string; // the last
}

/** As an address says it; what is no number or day there filters nothing. */
export function auditFilter(query: URLSearchParams): AuditFilter {
  const filter: AuditFilter = {};
  for (const name of ["account", "object_id"] as const) {
    const number = query.get(name) ?? "";
    if (/^[1-9]\d{0,14}$/.test(number)) filter[name] = Number(number);
  }
  for (const name of ["object", "action"] as const) {
    const word = query.get(name)?.trim();
    if (word) filter[name] = word;
  }
  for (const name of ["from", "through"] as const) {
    const day = query.get(name) ?? "";
    if (!Number.isNaN(startOf(day).getTime())) filter[name] = day;
  }
  return filter;
}

/** An invalid date where it is no day. */
function startOf(day: string): Date {
  return new Date(/^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T00:00:00` : NaN);
}

/** The filter in the service's words, which know moments but no days. */
export function auditQuery({ from, through, ...rest }: AuditFilter) {
  const end = through === undefined ? null : startOf(through);
  end?.setDate(end.getDate() + 1);
  return { ...rest, ...(from === undefined ? {} : { since: startOf(from).toISOString() }), ...(end ? { until: end.toISOString() } : {}) };
}

export async function auditEntries(filter: AuditFilter, cursor: string | undefined): Promise<{ items: AuditEntry[]; next: string | null }> {
  return (await call("get", "/api/v1/audit", { query: { ...auditQuery(filter), cursor, limit: 50 } })).data;
}

/** Of one document, the newest first; reads only for those who may read the log. */
export async function documentHistory(id: number, cursor?: string): Promise<{ items: AuditEntry[]; next: string | null }> {
  return (await call("get", "/api/v1/documents/{id}/history", { path: { id }, query: { limit: 50, cursor } })).data;
}

export async function auditCheckpoints(): Promise<AuditCheckpoint[]> {
  return (await call("get", "/api/v1/audit/checkpoints", { query: { limit: 50 } })).data.items;
}

export async function makeCheckpoint(): Promise<void> {
  await call("post", "/api/v1/audit/checkpoints", {});
}

export async function auditKeys(): Promise<string[]> {
  return (await call("get", "/api/v1/audit/keys", {})).data.public_keys;
}

/** That an entry is among the first `size`. */
export async function inclusionProof(sequence: number, size: number) {
  return (await call("get", "/api/v1/audit/entries/{sequence}/proof", { path: { sequence }, query: { size } })).data;
}

/** That the log of `to` entries begins with that of `from`. */
export async function consistencyProof(from: number, to: number) {
  return (await call("get", "/api/v1/audit/consistency", { query: { from, to } })).data;
}

export async function eraseDetail(sequence: number, reason: string): Promise<void> {
  await call("post", "/api/v1/audit/entries/{sequence}/erase-detail", { path: { sequence }, body: { reason } });
}
