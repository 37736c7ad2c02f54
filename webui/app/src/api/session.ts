import { call } from "./call";
import { isUnauthenticated } from "./client";
import type { Account, OpenSession, Session } from "./types";

/** Who is signed in; null for nobody. */
export async function fetchSession(): Promise<Session | null> {
  try {
    return (await call("get", "/api/v1/session", {})).data;
  } catch (error) {
    if (isUnauthenticated(error)) return null;
    throw error;
  }
}

export async function setupNeeded(): Promise<boolean> {
  return (await call("get", "/api/v1/setup", {})).data.needed;
}

export async function setUp(account: { code: string; name: string; display_name: string; password: string; language: string }): Promise<Session> {
  return (await call("post", "/api/v1/setup", { body: account })).data;
}

export async function signIn(name: string, password: string, code?: string): Promise<Session> {
  return (await call("post", "/api/v1/session", { body: { name, password, ...(code ? { code } : {}) } })).data;
}

/** What one calls oneself, and the language of the page, which the account keeps. */
export async function changeOwnAccount(change: { display_name?: string; language?: string }): Promise<Account> {
  const { etag } = await call("get", "/api/v1/account", {});
  return (await call("patch", "/api/v1/account", { etag, body: change })).data;
}

/** Ends every other session; this one goes on with what is returned. */
export async function changeOwnPassword(current_password: string, password: string): Promise<Session> {
  return (await call("put", "/api/v1/account/password", { body: { current_password, password } })).data;
}

/** The browsers that one is signed in with. */
export async function openSessions(): Promise<OpenSession[]> {
  return (await call("get", "/api/v1/account/sessions", {})).data.items;
}

export async function endSessionOf(session: OpenSession): Promise<void> {
  await call("delete", "/api/v1/account/sessions/{session}", { path: { session: session.id } });
}

export async function endSession(): Promise<void> {
  await call("delete", "/api/v1/session", {});
}

/** Makes this browser a scan station. */
export async function openStation(secret: string): Promise<void> {
  await call("post", "/api/v1/scan-stations/session", { body: { secret } });
}
