// The second factor of signing in.
import { call } from "./call";
import type { SecondFactor, SecondFactorSecret } from "./types";

export async function fetchSecondFactor(): Promise<SecondFactor> {
  return (await call("get", "/api/v1/account/second-factor", {})).data;
}

export async function beginSecondFactor(current_password: string): Promise<SecondFactorSecret> {
  return (await call("post", "/api/v1/account/second-factor", { body: { current_password } })).data;
}

/** Answers the recovery codes. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  return (await call("post", "/api/v1/account/second-factor/confirm", { body: { code } })).data.recovery_codes;
}

export async function renewRecoveryCodes(code: string): Promise<string[]> {
  return (await call("post", "/api/v1/account/second-factor/recovery-codes", { body: { code } })).data.recovery_codes;
}

export async function turnOffSecondFactor(code: string): Promise<void> {
  await call("post", "/api/v1/account/second-factor/turn-off", { body: { code } });
}

/** Of somebody who has lost theirs. */
export async function resetSecondFactor(account: number): Promise<void> {
  await call("delete", "/api/v1/accounts/{id}/second-factor", { path: { id: account } });
}
