// Links to documents for people without an account.
import { call, everyPage } from "./call";
import type { MadeShareLink, NewShareLink, ShareLink } from "./types";

export async function fetchShareLinks(document: number): Promise<ShareLink[]> {
  return everyPage((cursor) => call("get", "/api/v1/documents/{id}/share-links", { path: { id: document }, query: { cursor } }));
}

/** One's own; whoever manages access sees everybody's. */
export async function shareLinksFrom(cursor?: string): Promise<{ items: ShareLink[]; next: string | null }> {
  return (await call("get", "/api/v1/share-links", { query: { limit: 50, cursor } })).data;
}

export async function createShareLink(document: number, terms: NewShareLink): Promise<MadeShareLink> {
  return (await call("post", "/api/v1/documents/{id}/share-links", { path: { id: document }, body: terms })).data;
}

export async function revokeShareLink(id: number): Promise<void> {
  await call("delete", "/api/v1/share-links/{id}", { path: { id } });
}
