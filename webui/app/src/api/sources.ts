// Everything that flows in by itself.
import { call, everyPage } from "./call";
import {
  etagOf, type BarcodeEffect, type BarcodeRules, type BarcodeRulesChange, type ConfiguredSources, type IntakeFolder, type IntakeFolderChange,
  type IntakeFolderKind, type NetworkScanner, type NewIntakeFolder, type NewNetworkScanner, type Source,
} from "./types";

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

/** What only the configuration changes. */
export async function configuredSources(): Promise<ConfiguredSources> {
  return (await call("get", "/api/v1/admin/sources/configured", {})).data;
}

export async function loadIntakeFolder(id: number): Promise<IntakeFolder> {
  return (await call("get", "/api/v1/intake-folders/{id}", { path: { id } })).data;
}

export async function createIntakeFolder(kind: IntakeFolderKind, terms: Omit<NewIntakeFolder, "kind">): Promise<void> {
  await call("post", "/api/v1/intake-folders", { body: { ...terms, kind } });
}

export async function changeIntakeFolder(folder: IntakeFolder, terms: IntakeFolderChange): Promise<void> {
  await call("patch", "/api/v1/intake-folders/{id}", { path: { id: folder.id }, etag: etagOf(folder), body: terms });
}

/** Documents stay, and files that lie in a watched folder do. */
export async function deleteIntakeFolder(folder: IntakeFolder): Promise<void> {
  await call("delete", "/api/v1/intake-folders/{id}", { path: { id: folder.id }, etag: etagOf(folder) });
}

export async function loadBarcodeRules(): Promise<BarcodeRules> {
  return (await call("get", "/api/v1/barcode-rules", {})).data;
}

export async function changeBarcodeRules(before: BarcodeRules, rules: BarcodeRulesChange): Promise<void> {
  await call("patch", "/api/v1/barcode-rules", { etag: etagOf(before), body: rules });
}

/** Back to those of the configuration. */
export async function resetBarcodeRules(before: BarcodeRules): Promise<void> {
  await call("delete", "/api/v1/barcode-rules", { etag: etagOf(before) });
}

/** What the barcode would do by these rules. */
export async function tryBarcode(barcode: string, rules: BarcodeRulesChange): Promise<BarcodeEffect> {
  return (await call("post", "/api/v1/barcode-rules/try", { body: { barcode, rules } })).data;
}
