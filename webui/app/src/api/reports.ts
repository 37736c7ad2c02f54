// Reports of records management that are lists, and the figures of lending.
import { call } from "./call";
import type { LoanFigures, WaitingRecord } from "./types";

/** What waits longest first, a page at a time. */
export async function fetchWaiting(cursor: string | undefined): Promise<{ items: WaitingRecord[]; next: string | null; total: number }> {
  return (await call("get", "/api/v1/reports/waiting", { query: { cursor } })).data;
}

export async function fetchLoanFigures(): Promise<LoanFigures> {
  return (await call("get", "/api/v1/reports/loans", {})).data;
}
