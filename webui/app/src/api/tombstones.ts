// What is left of what was destroyed.
import { call } from "./call";
import type { components } from "./schema";

export type Tombstone = components["schemas"]["Tombstone"];

export type TombstoneField = components["schemas"]["TombstoneFields"]["fields"][number];

export async function fetchTombstoneFields(): Promise<TombstoneField[]> {
  return (await call("get", "/api/v1/tombstone-fields", {})).data.fields;
}

export async function chooseTombstoneFields(fields: TombstoneField[]): Promise<void> {
  await call("put", "/api/v1/tombstone-fields", { body: { fields } });
}

export interface TombstoneFilter {
  q?: string;
  class?: string;
  from?: string;
  through?: string;
}

export async function listTombstones(filter: TombstoneFilter & { cursor?: string }): Promise<components["schemas"]["TombstonePage"]> {
  return (await call("get", "/api/v1/tombstones", { query: { ...filter, limit: 100 } })).data;
}

export async function fetchTombstone(id: number): Promise<Tombstone> {
  return (await call("get", "/api/v1/tombstones/{id}", { path: { id } })).data;
}
