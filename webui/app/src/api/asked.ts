// How much is asked of whoever is signed in, beside the news.
import { call } from "./call";

/** Holds to acknowledge, paper that is ready to be fetched, and paper that is wanted back. */
export async function countAsked(): Promise<number> {
  const [holds, paper] = await Promise.all([call("get", "/api/v1/account/holds", {}), call("get", "/api/v1/account/loans", {})]);
  const { loans, reservations } = paper.data;
  return holds.data.items.length + reservations.filter((one) => one.available_at !== null).length + loans.filter((one) => one.overdue || one.recalled_at !== null).length;
}
