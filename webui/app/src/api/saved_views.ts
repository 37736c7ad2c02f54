// Lists of documents that people keep under a name.
import { call, everyPage } from "./call";
import { etagOf, type SavedView } from "./types";

export function listSavedViews(): Promise<SavedView[]> {
  return everyPage((cursor) => call("get", "/api/v1/views", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

export async function createSavedView(view: Pick<SavedView, "name" | "parameters" | "shared">): Promise<void> {
  await call("post", "/api/v1/views", { body: view });
}

export async function changeSavedView(view: SavedView, change: Partial<Pick<SavedView, "name" | "parameters" | "shared">>): Promise<SavedView> {
  return (await call("patch", "/api/v1/views/{id}", { path: { id: view.id }, etag: etagOf(view), body: change })).data;
}

export async function deleteSavedView(view: SavedView): Promise<void> {
  await call("delete", "/api/v1/views/{id}", { path: { id: view.id }, etag: etagOf(view) });
}
