import { call, everyPage } from "./call";
import type { Batch } from "./types";

/** The newest first. */
export function allBatches(): Promise<Batch[]> {
  return everyPage((cursor) => call("get", "/api/v1/dispositions", { query: { limit: 100, cursor } }));
}
