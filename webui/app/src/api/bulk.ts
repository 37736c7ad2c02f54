// One change for every document of a list, made by the service in the background.
import { call } from "./call";
import { undeclaredIn, wholeQuery } from "./document_query";
import { mayPass, whileAway } from "./client";
import { isOpen } from "./jobs";
import type { BulkChange, BulkReport } from "./types";
import type { ListQuery } from "../screens/search/query";

const askAgainAfter = 100; // milliseconds

/** Changes what the list holds now. Returns the job. */
export async function beginBulkChange(list: ListQuery, change: BulkChange): Promise<number> {
  const { query, everything } = wholeQuery(list); // the person has seen how many that is
  return (await call("post", "/api/v1/documents/bulk", { query, body: everything ? { ...change, everything } : change })).data.job;
}

/** Declares what in a folder is no record yet. Returns the job. */
export async function beginDeclaringIn(folder: number): Promise<number> {
  return (await call("post", "/api/v1/documents/bulk", { query: undeclaredIn(folder), body: { declare: true } })).data.job;
}

/** Has all that could not be read be read again. Returns the job. */
export async function beginRetryOfAll(): Promise<number> {
  return (await call("post", "/api/v1/quarantine/retry", {})).data.job;
}

/** Changes these documents, and waits until that is done. */
export async function changeDocuments(documents: readonly number[], change: BulkChange): Promise<BulkReport> {
  return bulkDone((await call("post", "/api/v1/documents/bulk", { body: { ...change, documents: [...documents] } })).data.job);
}

/** Waits for the end of a change. */
export async function bulkDone(job: number): Promise<BulkReport> {
  for (;;) {
    const report = await fetchBulkChange(job).catch((error: unknown) => {
      if (!mayPass(error)) throw error;
      return null; // the change goes on all the same
    });
    if (report && !isOpen(report)) return report;
    await new Promise((resolve) => setTimeout(resolve, report ? askAgainAfter : whileAway));
  }
}

export async function fetchBulkChange(job: number): Promise<BulkReport> {
  return (await call("get", "/api/v1/documents/bulk/{job}", { path: { job } })).data;
}

export async function undoBulkChange(job: number): Promise<number> {
  return (await call("post", "/api/v1/documents/bulk/{job}/undo", { path: { job } })).data.job;
}
