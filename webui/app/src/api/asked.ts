// What is asked of whoever is signed in, beside the news.
import { allBatches } from "./batches";
import { call } from "./call";
import type { Batch } from "./types";

/** The batches that `approver` may approve: proposed by somebody else, and not decided by `approver` yet. */
export async function batchesToApprove(approver: number): Promise<Batch[]> {
  return (await allBatches("proposed")).filter(({ proposed_by: proposer, approvals }) => (
    proposer?.id !== approver && !approvals.some(({ by }) => by?.id === approver)));
}

/** Holds to acknowledge, paper that is ready to be fetched and paper that is wanted back, documents and batches to approve.
 *  `approver`: the account, when it may approve batches; else null. */
export async function countAsked(approver: number | null): Promise<number> {
  const [holds, paper, approvals, batches] = await Promise.all([
    call("get", "/api/v1/account/holds", {}), call("get", "/api/v1/account/loans", {}), call("get", "/api/v1/approvals", { query: { limit: 1 } }),
    approver === null ? [] : batchesToApprove(approver),
  ]);
  const { loans, reservations } = paper.data;
  return holds.data.items.length + reservations.filter((one) => one.available_at !== null).length + loans.filter((one) => one.overdue || one.recalled_at !== null).length
    + approvals.data.total + batches.length;
}
