// What documents have to do with each other.
import { call } from "./call";
import type { Relation, RelationKind } from "./types";

export async function fetchRelations(id: number): Promise<Relation[]> {
  return (await call("get", "/api/v1/documents/{id}/relations", { path: { id } })).data.items;
}

export async function relate(id: number, kind: RelationKind, other: number): Promise<void> {
  await call("put", "/api/v1/documents/{id}/relations/{kind}/{other}", { path: { id, kind, other } });
}

export async function unrelate(id: number, kind: RelationKind, other: number): Promise<void> {
  await call("delete", "/api/v1/documents/{id}/relations/{kind}/{other}", { path: { id, kind, other } });
}
