// Rules that file documents, and what is suggested for one.
import { call } from "./call";
import type { Part } from "./file_plan";
import { etagOf, type Document, type FilingRule, type FilingSuggestion, type FoundField, type NewFilingRule, type SamePaper } from "./types";

export async function rulesFrom(cursor?: string): Promise<Part<FilingRule>> {
  return (await call("get", "/api/v1/filing-rules", { query: { limit: 100, cursor } })).data;
}

/** Makes the rule, or brings an existing one to these terms. */
export async function saveRule(rule: FilingRule | null, terms: NewFilingRule): Promise<void> {
  if (rule) await call("patch", "/api/v1/filing-rules/{id}", { path: { id: rule.id }, etag: etagOf(rule), body: terms });
  else await call("post", "/api/v1/filing-rules", { body: terms });
}

export async function deleteRule(rule: FilingRule): Promise<void> {
  await call("delete", "/api/v1/filing-rules/{id}", { path: { id: rule.id }, etag: etagOf(rule) });
}

export async function fetchSuggestions(id: number): Promise<FilingSuggestion[]> {
  return (await call("get", "/api/v1/documents/{id}/suggestions", { path: { id } })).data.items;
}

export async function fetchFields(id: number): Promise<FoundField[]> {
  return (await call("get", "/api/v1/documents/{id}/fields", { path: { id } })).data.items;
}

export async function acceptSuggestions(document: Document, accepted: readonly FilingSuggestion[]): Promise<Document> {
  const items = accepted.map(({ field, value }) => ({ field, value: value.id }));
  return (await call("post", "/api/v1/documents/{id}/suggestions", { path: { id: document.id }, etag: etagOf(document), body: { items } })).data;
}

export async function fetchSamePaper(id: number): Promise<SamePaper["items"]> {
  return (await call("get", "/api/v1/documents/{id}/same-paper", { path: { id } })).data.items;
}

export async function keepBothScans(id: number, other: number): Promise<void> {
  await call("put", "/api/v1/documents/{id}/same-paper/{other}", { path: { id, other } });
}
