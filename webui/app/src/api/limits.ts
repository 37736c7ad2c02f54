// What this archive is set to, as far as the page needs to know.
import { call } from "./call";
import type { Limits } from "./types";

export async function fetchLimits(): Promise<Limits> {
  return (await call("get", "/api/v1/limits", {})).data;
}
