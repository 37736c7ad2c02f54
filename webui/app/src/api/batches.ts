import { call, everyPage } from "./call";
import type { Batch } from "./types";

/** The newest first; in one state, or in all. */
export function allBatches(state?: Batch["state"]): Promise<Batch[]> {
  return everyPage((cursor) => call("get", "/api/v1/dispositions", { query: { state, limit: 100, cursor } }));
}
