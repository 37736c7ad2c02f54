// Records: declaring, why and until when they are kept, events and holds.
import { call, partOf } from "./call";
import { mostFound } from "./names";
import type { components } from "./schema";
import { etagOf, type Hold, type HoldItem, type HoldNotice, type HoldTerms, type Named, type Record, type RetentionEvent, type RetentionExplanation } from "./types";

/** What became of each document: the reason why it was not declared, or null. */
export async function declareRecords(documents: readonly number[]): Promise<{ id: number; problem: string | null }[]> {
  return (await call("post", "/api/v1/records", { body: { documents: [...documents] } })).data.items;
}

export async function fetchRecord(id: number): Promise<Record> {
  return (await call("get", "/api/v1/documents/{id}/record", { path: { id } })).data;
}

export async function explainRetention(id: number): Promise<RetentionExplanation> {
  return (await call("get", "/api/v1/documents/{id}/retention", { path: { id } })).data;
}

export async function reclassify(id: number, place: { class?: number; folder?: number }, reason: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/reclassify", { path: { id }, body: { ...place, reason } });
}

/** Another schedule than the inherited one; null for the inherited one again. */
export async function setRecordSchedule(record: Record, schedule: number | null, reason: string): Promise<void> {
  await call("put", "/api/v1/documents/{id}/schedule", { path: { id: record.id }, etag: etagOf(record), body: { schedule, reason } });
}

/** A schedule that applies beside the own or inherited one: the record is kept by all of them. */
export async function addScheduleBeside(record: Record, schedule: number, reason: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/schedules-beside", { path: { id: record.id }, body: { schedule, reason } });
}

export async function removeScheduleBeside(record: Record, schedule: number, reason: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/schedules-beside/remove", { path: { id: record.id }, body: { schedule, reason } });
}

export async function decideReview(record: Record, schedule: number, reason: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/review", { path: { id: record.id }, etag: etagOf(record), body: { schedule, reason } });
}

/** Another document takes its place from that day on (empty: today); null: none does after all. */
export async function supersedeRecord(id: number, document: number | null, on: string): Promise<void> {
  await call("put", "/api/v1/documents/{id}/superseded-by", { path: { id }, body: { document, ...(on ? { on } : {}) } });
}

export async function documentHolds(id: number): Promise<HoldNotice[]> {
  return (await call("get", "/api/v1/documents/{id}/holds", { path: { id } })).data.items;
}

export async function documentEvents(id: number): Promise<RetentionEvent[]> {
  return (await call("get", "/api/v1/documents/{id}/retention-events", { path: { id } })).data.items;
}

export async function folderEvents(id: number): Promise<RetentionEvent[]> {
  return (await call("get", "/api/v1/folders/{id}/retention-events", { path: { id } })).data.items;
}

export async function eventNames(): Promise<string[]> {
  return (await call("get", "/api/v1/retention-event-names", {})).data.items;
}

export async function recordEvent(name: string, date: string, on: { documents?: number[]; folders?: number[] }): Promise<void> {
  await call("post", "/api/v1/retention-events", { body: { name, date, ...on } });
}

/** The event was on another day; without a day it did not happen. */
export async function correctEvent(id: number, date: string | null, reason: string): Promise<void> {
  await call("patch", "/api/v1/retention-events/{id}", { path: { id }, body: { date, reason } });
}

/** Those that are not released first, by a part of their title. */
export async function holdsFrom(part: string, released: boolean, cursor?: string): Promise<{ items: Hold[]; next: string | null }> {
  return (await call("get", "/api/v1/holds", { query: { q: part, released: String(released), limit: 50, cursor } })).data;
}

export async function findHolds(part: string, signal: AbortSignal): Promise<Named[]> {
  const { items } = (await call("get", "/api/v1/holds", { query: { q: part, limit: mostFound }, signal })).data;
  return items.map(({ id, title }) => ({ id, name: title }));
}

export async function fetchHold(id: number): Promise<Hold> {
  return (await call("get", "/api/v1/holds/{id}", { path: { id } })).data;
}

export async function placeHold(terms: HoldTerms): Promise<Hold> {
  return (await call("post", "/api/v1/holds", { body: terms })).data;
}

export async function changeHold(hold: Hold, terms: HoldTerms): Promise<void> {
  await call("put", "/api/v1/holds/{id}", { path: { id: hold.id }, etag: etagOf(hold), body: terms });
}

export async function holdDocuments(id: number, documents: readonly number[]): Promise<void> {
  await call("post", "/api/v1/holds/{id}/documents", { path: { id }, body: { documents: [...documents] } });
}

export async function holdFolder(id: number, folder: number): Promise<void> {
  await call("post", "/api/v1/holds/{id}/folders", { path: { id }, body: { folder } });
}

/** Some documents, or without them the whole hold. */
export async function releaseHold(hold: Hold, reason: string, documents?: number[]): Promise<void> {
  await call("post", "/api/v1/holds/{id}/release", { path: { id: hold.id }, etag: etagOf(hold), body: { reason, ...(documents ? { documents } : {}) } });
}

/** What the hold ever held, from the identifier after `after` on. */
export async function heldDocuments(id: number, cursor = "0"): Promise<{ items: HoldItem[]; next: string | null }> {
  return partOf((await call("get", "/api/v1/holds/{id}/documents", { path: { id }, query: { after: Number(cursor) } })).data);
}

/** The holds that ask the signed-in person to acknowledge them. */
export async function myHolds(): Promise<HoldNotice[]> {
  return (await call("get", "/api/v1/account/holds", {})).data.items;
}

export async function acknowledgeHold(id: number): Promise<void> {
  await call("post", "/api/v1/holds/{id}/acknowledge", { path: { id } });
}

/** What was filed where filing declares, and could not be declared. */
export async function listNotDeclared(cursor?: string): Promise<components["schemas"]["NotDeclaredPage"]> {
  return (await call("get", "/api/v1/records/not-declared", { query: { limit: 100, cursor } })).data;
}
