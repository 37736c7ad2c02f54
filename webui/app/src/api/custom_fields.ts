// Fields that the organisation adds to its documents.
import { call, everyPage } from "./call";
import type { Part } from "./file_plan";
import { etagOf, type CustomField, type CustomFieldChange, type NewCustomField } from "./types";

export async function customFieldsFrom(cursor?: string): Promise<Part<CustomField>> {
  return (await call("get", "/api/v1/custom-fields", { query: { limit: 100, cursor } })).data;
}

/** All of them: a form shows those that its document carries. */
export function listCustomFields(): Promise<CustomField[]> {
  return everyPage((cursor) => call("get", "/api/v1/custom-fields", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

export async function createCustomField(field: NewCustomField): Promise<void> {
  await call("post", "/api/v1/custom-fields", { body: field });
}

export async function changeCustomField(field: CustomField, change: CustomFieldChange): Promise<void> {
  await call("patch", "/api/v1/custom-fields/{id}", { path: { id: field.id }, etag: etagOf(field), body: change });
}

export async function deleteCustomField(field: CustomField): Promise<void> {
  await call("delete", "/api/v1/custom-fields/{id}", { path: { id: field.id }, etag: etagOf(field) });
}
