// Packages for other archives, as copies, and the packages of others that were taken in.
import { call } from "./call";
import { commonHeaders, failureOf } from "./client";
import { wholeQuery } from "./document_query";
import type { Part } from "./file_plan";
import { saveFile } from "./files";
import type { components } from "./schema";
import type { Import, TransferReceipt } from "./types";
import { withQuery } from "../router";
import type { ListQuery } from "../screens/search/query";

/** What goes into a package. */
export type Exported = { documents: number[] } | { folders: number[] } | { classes: number[] } | { list: ListQuery };

export function savePackage(what: Exported, title: string): Promise<void> {
  if (!("list" in what)) return saveFile("/api/v1/exports", { ...what, title }, "package.zip");
  const { query, everything } = wholeQuery(what.list);
  return saveFile(withQuery("/api/v1/exports", query), everything ? { everything, title } : { title }, "package.zip");
}

/** Answers when all of it is in; what is wrong with a damaged package is the reason of the failure. */
export async function takeIn(file: File): Promise<components["schemas"]["ImportResult"]> {
  const response = await fetch("/api/v1/imports", {
    method: "POST", credentials: "same-origin", headers: { ...commonHeaders("POST"), "Content-Type": "application/zip" }, body: file,
  });
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as components["schemas"]["ImportResult"];
}

export async function importsFrom(cursor?: string): Promise<Part<Import>> {
  return (await call("get", "/api/v1/imports", { query: { limit: 100, cursor } })).data;
}

export async function fetchImportReceipt(id: number): Promise<TransferReceipt> {
  return (await call("get", "/api/v1/imports/{id}/receipt", { path: { id } })).data;
}
