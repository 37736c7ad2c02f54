// Scanners, and scans on their way to documents.
import { call, everyPage } from "./call";
import { commonHeaders, failureOf } from "./client";
import { etagOf, type Scan, type ScanPage, type ScanPlan, type ScanPlanChange, type NewScanStation, type ScanStation, type ScanProfile, type Scanner, type ScannerCapabilities } from "./types";

export async function listScanners(anew: boolean): Promise<Scanner[]> {
  return (await call("get", "/api/v1/scanners", { query: { anew: anew ? "yes" : "no" } })).data.items;
}

export async function fetchCapabilities(scanner: string): Promise<ScannerCapabilities> {
  return (await call("get", "/api/v1/scanners/capabilities", { query: { scanner } })).data;
}

/** The address of a picture of the whole glass; to be revoked by whoever shows it. */
export async function previewGlass(scanner: string): Promise<string> {
  const response = await fetch("/api/v1/scanners/preview", {
    method: "POST",
    headers: { ...commonHeaders("POST"), "Content-Type": "application/json" },
    credentials: "same-origin",
    body: JSON.stringify({ scanner }),
  });
  if (!response.ok) throw await failureOf(response);
  return URL.createObjectURL(await response.blob());
}

export function listProfiles(): Promise<ScanProfile[]> {
  return everyPage((cursor) => call("get", "/api/v1/scan-profiles", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

/** A whole plan as a change says it: no area is an empty one. */
export function planChange(plan: ScanPlan): ScanPlanChange {
  return { ...plan, area: plan.area ?? [] };
}

export type ProfileTerms = Pick<ScanProfile, "name" | "scanner" | "button" | "plan">;

/** Returns its number. */
export async function createProfile({ plan, ...terms }: ProfileTerms): Promise<number> {
  return (await call("post", "/api/v1/scan-profiles", { body: { ...planChange(plan), ...terms } })).data.id;
}

export async function changeProfile(profile: ScanProfile, { plan, ...terms }: ProfileTerms): Promise<void> {
  await call("patch", "/api/v1/scan-profiles/{id}", { path: { id: profile.id }, etag: etagOf(profile), body: { ...planChange(plan), ...terms } });
}

/** All of them, as they are to stand. */
export async function orderProfiles(profiles: number[]): Promise<void> {
  await call("put", "/api/v1/scan-profiles/order", { body: { profiles } });
}

export async function deleteProfile(profile: ScanProfile): Promise<void> {
  await call("delete", "/api/v1/scan-profiles/{id}", { path: { id: profile.id }, etag: etagOf(profile) });
}

export async function listOpenScans(): Promise<Scan[]> {
  return (await call("get", "/api/v1/scans", {})).data.items;
}

export async function startScan(scanner: string, profile: number | null, plan: ScanPlanChange): Promise<Scan> {
  const body = { ...plan, ...(scanner ? { scanner } : {}), ...(profile ? { profile } : {}) };
  return (await call("post", "/api/v1/scans", { body })).data;
}

export async function fetchScan(id: number): Promise<Scan> {
  return (await call("get", "/api/v1/scans/{id}", { path: { id } })).data;
}

export async function continueScan(id: number): Promise<Scan> {
  return (await call("post", "/api/v1/scans/{id}/continue", { path: { id } })).data;
}

export async function stopScan(id: number): Promise<Scan> {
  return (await call("post", "/api/v1/scans/{id}/stop", { path: { id } })).data;
}

export async function discardScan(id: number): Promise<void> {
  await call("delete", "/api/v1/scans/{id}", { path: { id } });
}

/** The documents that were made. */
export async function fileScan(id: number, plan: ScanPlanChange): Promise<number[]> {
  return (await call("post", "/api/v1/scans/{id}/file", { path: { id }, body: plan })).data.documents;
}

export async function orderScan(id: number, pages: number[]): Promise<Scan> {
  return (await call("post", "/api/v1/scans/{id}/order", { path: { id }, body: { pages } })).data;
}

export async function changeScanPage(id: number, page: number, change: Partial<Pick<ScanPage, "turn" | "starts" | "kept">>): Promise<Scan> {
  return (await call("patch", "/api/v1/scans/{id}/pages/{page}", { path: { id, page }, body: change })).data;
}

export async function rescanPage(id: number, page: number): Promise<Scan> {
  return (await call("post", "/api/v1/scans/{id}/pages/{page}/rescan", { path: { id, page } })).data;
}

export function pictureOf(scan: Scan, page: ScanPage, size: "small" | "full"): string {
  return `/api/v1/scans/${scan.id}/pages/${page.id}/image?size=${size}`;
}

export async function listStations(): Promise<ScanStation[]> {
  return (await call("get", "/api/v1/scan-stations", {})).data.items;
}

/** With the address that makes a device this station, which is shown once. */
export async function createStation(name: string): Promise<NewScanStation> {
  return (await call("post", "/api/v1/scan-stations", { body: { name, page: window.location.origin } })).data;
}

export async function revokeStation(station: ScanStation): Promise<void> {
  await call("delete", "/api/v1/scan-stations/{id}", { path: { id: station.id } });
}
