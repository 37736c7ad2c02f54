// Everything that flows in by itself.
import { call, everyPage } from "./call";
import type { NetworkScanner, NewNetworkScanner, Source } from "./types";

export function listSources(): Promise<Source[]> {
  return everyPage((cursor) => call("get", "/api/v1/admin/sources", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

/** Has all that failed there tried again. */
export async function retrySource({ kind, name }: Source): Promise<void> {
  await call("post", "/api/v1/admin/sources/retry", { body: { kind, name } });
}

export function listNetworkScanners(): Promise<NetworkScanner[]> {
  return everyPage((cursor) => call("get", "/api/v1/network-scanners", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

export async function addNetworkScanner(scanner: NewNetworkScanner): Promise<void> {
  await call("post", "/api/v1/network-scanners", { body: scanner });
}

export async function removeNetworkScanner({ id }: NetworkScanner): Promise<void> {
  await call("delete", "/api/v1/network-scanners/{id}", { path: { id } });
}
