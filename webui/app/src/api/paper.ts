// Paper files: places, loans, inventories, labels, and how paper ends.
import { call, everyPage } from "./call";
import { fetchFile } from "./files";
import { mostFound, type FoundName } from "./names";
import { etagOf, type Barcode, type Finding, type Inventory, type Label, type Location, type Movement, type NewPaperFile, type OwnLoans, type PaperFile, type PaperHistory, type PaperItem, type PaperLoan, type PaperToDestroy, type Reservation } from "./types";

/** The places that stand directly in one; 0: the sites. */
export async function placesIn(parent: number, cursor?: string): Promise<{ items: Location[]; next: string | null }> {
  return (await call("get", "/api/v1/locations", { query: { parent, limit: 100, cursor } })).data;
}

/** Places in use by a part of where they are; with `kind` only those that something of that kind can stand in. */
export async function findPlaces(part: string, signal: AbortSignal, kind?: Location["kind"]): Promise<FoundName[]> {
  const { items } = (await call("get", "/api/v1/locations", { query: { q: part, open: "true", takes: kind, limit: mostFound }, signal })).data;
  return items.map(({ id, path }) => ({ id, name: path }));
}

/** A place and those that it stands in, from the site. */
export async function lineOfPlace(id: number): Promise<Location[]> {
  const line: Location[] = [];
  for (let next: number | null = id; next !== null; next = line[0]?.parent ?? null) {
    line.unshift((await call("get", "/api/v1/locations/{id}", { path: { id: next } })).data);
  }
  return line;
}

export interface NewLocation {
  parent: number | null;
  kind: Location["kind"];
  name: string;
  capacity: number | null;
  barcode: string;
}

export async function createLocation(wanted: NewLocation): Promise<Location> {
  return (await call("post", "/api/v1/locations", { body: wanted })).data;
}

export async function changeLocation(location: Location, change: { name?: string; capacity?: number | null; closed?: boolean }): Promise<void> {
  await call("patch", "/api/v1/locations/{id}", { path: { id: location.id }, etag: etagOf(location), body: change });
}

export async function moveLocation(location: Location, to: number): Promise<void> {
  await call("post", "/api/v1/locations/{id}/move", { path: { id: location.id }, etag: etagOf(location), body: { to } });
}

/** Another barcode for a paper file or a place; an empty one is the next number of our own. */
export async function relabel(what: "documents" | "locations", id: number, barcode: string): Promise<void> {
  if (what === "documents") await call("put", "/api/v1/documents/{id}/paper/barcode", { path: { id }, body: { barcode } });
  else await call("put", "/api/v1/locations/{id}/barcode", { path: { id }, body: { barcode } });
}

export async function placeHistory(location: number): Promise<Movement[]> {
  return (await call("get", "/api/v1/locations/{id}/movements", { path: { id: location } })).data.items;
}

export async function findBarcode(code: string): Promise<Barcode> {
  return (await call("get", "/api/v1/barcodes", { query: { code } })).data;
}

export async function filesAt(location: number, cursor?: string): Promise<{ items: PaperItem[]; next: string | null }> {
  return (await call("get", "/api/v1/locations/{id}/files", { path: { id: location }, query: { limit: 100, cursor } })).data;
}

export async function registerPaper(file: NewPaperFile): Promise<PaperFile> {
  return (await call("post", "/api/v1/paper-files", { body: file })).data;
}

export async function fetchPaper(document: number): Promise<PaperFile> {
  return (await call("get", "/api/v1/documents/{id}/paper", { path: { id: document } })).data;
}

export async function paperHistory(document: number): Promise<PaperHistory> {
  return (await call("get", "/api/v1/documents/{id}/paper/history", { path: { id: document } })).data;
}

export async function addPaper(document: number, home: number | null, barcode: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/paper", { path: { id: document }, body: { home, barcode } });
}

export async function removePaper(document: number): Promise<void> {
  await call("delete", "/api/v1/documents/{id}/paper", { path: { id: document } });
}

export async function movePaper(file: PaperFile, to: number, home: boolean): Promise<void> {
  await call("post", "/api/v1/documents/{id}/paper/move", { path: { id: file.document.id }, etag: etagOf(file), body: { to, home } });
}

export async function lendPaper(document: number, to: { account: number } | { borrower: string }, due: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/loan", { path: { id: document }, body: { ...to, due_on: due } });
}

/** Back to a place, or home. */
export async function returnPaper(document: number, to: number | null): Promise<void> {
  await call("post", "/api/v1/documents/{id}/loan/return", { path: { id: document }, body: { to } });
}

export async function recallPaper(document: number, by: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/loan/recall", { path: { id: document }, body: { by } });
}

export async function renewLoan(document: number, due: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/loan/renew", { path: { id: document }, body: { due_on: due } });
}

export async function reservePaper(document: number): Promise<void> {
  await call("post", "/api/v1/documents/{id}/reservations", { path: { id: document } });
}

export async function cancelReservation(id: number): Promise<void> {
  await call("delete", "/api/v1/reservations/{id}", { path: { id } });
}

export async function loansFrom(overdue: boolean, cursor?: string): Promise<{ items: PaperLoan[]; next: string | null }> {
  return (await call("get", "/api/v1/loans", { query: { overdue: String(overdue), limit: 100, cursor } })).data;
}

export async function reservationsFrom(cursor?: string): Promise<{ items: Reservation[]; next: string | null }> {
  return (await call("get", "/api/v1/reservations", { query: { limit: 100, cursor } })).data;
}

export async function ownLoans(): Promise<OwnLoans> {
  return (await call("get", "/api/v1/account/loans", {})).data;
}

export function labelsToPrint(): Promise<Label[]> {
  return everyPage((cursor) => call("get", "/api/v1/labels", { query: { limit: 200, cursor } }));
}

export interface LabelOrder {
  documents: number[];
  locations: number[];
  sheet: string;
  symbol: string;
  start: number;
}

export function printLabels(order: LabelOrder): Promise<Blob> {
  return fetchFile("/api/v1/labels", order);
}

export async function inventoriesFrom(cursor?: string): Promise<{ items: Inventory[]; next: string | null }> {
  return (await call("get", "/api/v1/inventories", { query: { limit: 50, cursor } })).data;
}

export async function startInventory(location: number): Promise<Inventory> {
  return (await call("post", "/api/v1/inventories", { body: { location } })).data;
}

export async function fetchInventory(id: number): Promise<Inventory> {
  return (await call("get", "/api/v1/inventories/{id}", { path: { id } })).data;
}

/** How many codes were new. */
export async function scanCodes(id: number, codes: string[]): Promise<number> {
  return (await call("post", "/api/v1/inventories/{id}/scans", { path: { id }, body: { codes } })).data.new;
}

export async function finishInventory(id: number): Promise<void> {
  await call("post", "/api/v1/inventories/{id}/finish", { path: { id } });
}

export async function findingsFrom(id: number, cursor?: string): Promise<{ items: Finding[]; next: string | null }> {
  return (await call("get", "/api/v1/inventories/{id}/findings", { path: { id }, query: { limit: 100, cursor } })).data;
}

export function allFindings(id: number): Promise<Finding[]> {
  return everyPage((cursor) => call("get", "/api/v1/inventories/{id}/findings", { path: { id }, query: { limit: 200, cursor } }));
}

export async function acceptFindings(id: number, findings: number[]): Promise<void> {
  await call("post", "/api/v1/inventories/{id}/accept", { path: { id }, body: { findings } });
}

export async function paperToDestroyFrom(cursor?: string): Promise<{ items: PaperToDestroy[]; next: string | null }> {
  return (await call("get", "/api/v1/paper-to-destroy", { query: { limit: 100, cursor } })).data;
}

export async function confirmDestroyed(documents: number[], on: string, method: string): Promise<void> {
  await call("post", "/api/v1/paper-destructions", { body: { documents, destroyed_on: on, method } });
}

/** The share of the pages of every scan, in per cent, that is to be compared before its paper may be discarded. */
export async function fetchScanRule(): Promise<number> {
  return (await call("get", "/api/v1/paper/scan-rule", {})).data.percent;
}

export async function setScanRule(percent: number): Promise<void> {
  await call("put", "/api/v1/paper/scan-rule", { body: { percent } });
}

export async function checkScan(document: number, pages: number[], passed: boolean, note: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/paper/scan-checks", { path: { id: document }, body: { pages, passed, note } });
}

export async function discardPaper(document: number, on: string, method: string): Promise<void> {
  await call("post", "/api/v1/documents/{id}/paper/discard", { path: { id: document }, body: { destroyed_on: on, method } });
}
