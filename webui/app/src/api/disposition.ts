// Disposition: what is due, batches and what became of them, and the figures.
import { call, partOf } from "./call";
import type { components } from "./schema";
import { etagOf, type Batch, type BatchItem, type Certificate, type DueRecord, type GrowthReport, type RetentionReport, type StandingRecord, type Today, type Transfer, type YearFigures } from "./types";

export interface DuePage {
  items: DueRecord[];
  next: string | null;
  total: number;
  total_exact: boolean;
}

export async function listDue(filter: { class?: string; action?: string; overdue?: "true"; cursor?: string }): Promise<DuePage> {
  return (await call("get", "/api/v1/retention/due", { query: { ...filter, limit: 100 } })).data;
}

/** How many a batch could take today, by its action. */
export async function countFree(inClass: number | null): Promise<{ destroy: number; transfer: number }> {
  return (await call("get", "/api/v1/retention/free", { query: inClass ? { class: inClass } : {} })).data;
}

export type Standing = "overdue" | "unscheduled" | "contradictory" | "permanent";

/** The records behind a figure of the report. */
export async function listStanding(standing: Standing, inClass: number | null, cursor?: string): Promise<{ items: StandingRecord[]; next: string | null; total: number }> {
  return (await call("get", "/api/v1/retention/records", { query: { standing, ...(inClass ? { class: inClass } : {}), limit: 100, cursor } })).data;
}

export async function fetchBatch(id: number): Promise<Batch> {
  return (await call("get", "/api/v1/dispositions/{id}", { path: { id } })).data;
}

/** The newest first. */
export async function batchesFrom(cursor?: string): Promise<{ items: Batch[]; next: string | null }> {
  return (await call("get", "/api/v1/dispositions", { query: { limit: 50, cursor } })).data;
}

export async function proposeBatch(batch: { title: string; action: Batch["action"]; reason: string; approvals_needed: 1 | 2; copy_schedule: number | null } & ({ documents: number[] } | { all_free: { class: number | null } })): Promise<Batch> {
  return (await call("post", "/api/v1/dispositions", { body: batch })).data;
}

export async function batchRecords(id: number, cursor = "0"): Promise<{ items: BatchItem[]; next: string | null }> {
  return partOf((await call("get", "/api/v1/dispositions/{id}/records", { path: { id }, query: { after: Number(cursor) } })).data);
}

/** For each record what stands in the way today; nothing is done. */
export async function checkBatch(id: number): Promise<{ id: number; obstacle: string | null }[]> {
  return (await call("get", "/api/v1/dispositions/{id}/check", { path: { id } })).data.items;
}

export async function approveBatch(batch: Batch, comment: string): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/approve", { path: { id: batch.id }, etag: etagOf(batch), body: { comment } });
}

export async function rejectBatch(batch: Batch, reason: string): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/reject", { path: { id: batch.id }, etag: etagOf(batch), body: { reason } });
}

export async function withdrawBatch(batch: Batch, reason: string): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/withdraw", { path: { id: batch.id }, etag: etagOf(batch), body: { reason } });
}

export async function takeOutOfBatch(batch: number, document: number, reason: string): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/remove", { path: { id: batch }, body: { document, reason } });
}

export async function executeBatch(batch: Batch): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/execute", { path: { id: batch.id }, etag: etagOf(batch) });
}

export async function restoreRecord(batch: number, document: number, reason: string): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/restore", { path: { id: batch }, body: { document, reason } });
}

/** The package in which a transfer was handed over, and its receipt. */
export async function fetchTransfer(batch: number): Promise<Transfer> {
  return (await call("get", "/api/v1/dispositions/{id}/transfer", { path: { id: batch } })).data;
}

export type ReceiptStatement = components["schemas"]["ReceiptStatement"];
export async function recordReceipt(batch: Batch, statement: ReceiptStatement): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/receipt", { path: { id: batch.id }, etag: etagOf(batch), body: statement });
}

export async function cancelTransfer(batch: Batch, reason: string): Promise<void> {
  await call("post", "/api/v1/dispositions/{id}/cancel", { path: { id: batch.id }, etag: etagOf(batch), body: { reason } });
}

export async function fetchCertificate(batch: number): Promise<Certificate> {
  return (await call("get", "/api/v1/dispositions/{id}/certificate", { path: { id: batch } })).data;
}

export async function fetchReport(): Promise<RetentionReport> {
  return (await call("get", "/api/v1/retention/report", {})).data;
}

export async function fetchYears(): Promise<YearFigures[]> {
  return (await call("get", "/api/v1/reports/years", {})).data.items;
}

export async function fetchGrowth(): Promise<GrowthReport> {
  return (await call("get", "/api/v1/reports/growth", {})).data;
}

export async function fetchToday(): Promise<Today> {
  return (await call("get", "/api/v1/retention/today", {})).data;
}

/** Lets that day count as today, or the real one again. */
export async function setToday(today: string | null): Promise<void> {
  await call("put", "/api/v1/retention/today", { body: { today } });
}
