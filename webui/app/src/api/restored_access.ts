// Accounts, tokens and links that a restored backup brought back.
import { call } from "./call";
import type { components } from "./schema";

export type SuspendedAccess = components["schemas"]["SuspendedAccess"];

export async function fetchSuspendedAccess(): Promise<SuspendedAccess> {
  return (await call("get", "/api/v1/admin/restored-access", {})).data;
}

export async function decideRestoredAccess(decision: "resume" | "revoke"): Promise<void> {
  await call("post", "/api/v1/admin/restored-access", { body: { decision } });
}
