// Accounts, groups, access lists, tokens and the state of the service.
import { call, everyPage } from "./call";
import type { Part } from "./file_plan";
import { mostFound } from "./names";
import { etagOf, type AccessEntry, type AccessList, type Account, type ComposedRole, type Group, type Membership, type Permission, type Role, type Status, type Subject, type Token, type TokenScope } from "./types";

const partSize = 100;

/** Those whose name has `part` in it. */
export async function listAccounts(part: string, cursor?: string): Promise<Part<Account>> {
  return (await call("get", "/api/v1/accounts", { query: { q: part, limit: partSize, cursor } })).data;
}

export async function createAccount(account: { name: string; display_name: string; role: string; password: string }): Promise<void> {
  await call("post", "/api/v1/accounts", { body: account });
}

export async function changeAccount(account: Account, change: { display_name?: string; role?: string; clearance?: number; disabled?: boolean }): Promise<void> {
  await call("patch", "/api/v1/accounts/{id}", { path: { id: account.id }, etag: etagOf(account), body: change });
}

export async function fetchMailAddress(id: number): Promise<string> {
  return (await call("get", "/api/v1/accounts/{id}/mail", { path: { id } })).data.address;
}

export async function setMailAddress(id: number, address: string): Promise<void> {
  await call("put", "/api/v1/accounts/{id}/mail", { path: { id }, body: { address } });
}

export async function setPassword(id: number, password: string): Promise<void> {
  await call("put", "/api/v1/accounts/{id}/password", { path: { id }, body: { password } });
}

/** The standing roles, then the composed ones. */
export async function listRoles(): Promise<Role[]> {
  return everyPage((cursor) => call("get", "/api/v1/roles", { query: { limit: 100, cursor } }));
}

export interface RoleContent {
  name: string;
  description: string;
  permissions: Permission[];
}

export async function saveRole(role: ComposedRole | null, content: RoleContent): Promise<void> {
  if (role) await call("patch", "/api/v1/roles/{id}", { path: { id: role.id }, etag: etagOf(role), body: content });
  else await call("post", "/api/v1/roles", { body: content });
}

export async function deleteRole(role: ComposedRole): Promise<void> {
  await call("delete", "/api/v1/roles/{id}", { path: { id: role.id }, etag: etagOf(role) });
}

export async function listGroups(part: string, cursor?: string): Promise<Part<Group>> {
  return (await call("get", "/api/v1/groups", { query: { q: part, limit: partSize, cursor } })).data;
}

export async function fetchGroup(id: number): Promise<Group> {
  return (await call("get", "/api/v1/groups/{id}", { path: { id } })).data;
}

/** Makes the group, or brings an existing one to the given name and members. */
export async function saveGroup(group: Group | null, name: string, members: readonly Membership[]): Promise<void> {
  const saved = group ?? (await call("post", "/api/v1/groups", { body: { name } })).data;
  if (group && group.name !== name) await call("patch", "/api/v1/groups/{id}", { path: { id: group.id }, etag: etagOf(group), body: { name } });
  for (const { id, first_day = null, last_day = null } of members) {
    const before = saved.members.find((member) => member.id === id);
    if (before && before.first_day === first_day && before.last_day === last_day) continue;
    await call("put", "/api/v1/groups/{id}/members/{account}", { path: { id: saved.id, account: id }, body: { first_day, last_day } });
  }
  for (const { id } of saved.members.filter((member) => !members.some((other) => other.id === member.id))) {
    await call("delete", "/api/v1/groups/{id}/members/{account}", { path: { id: saved.id, account: id } });
  }
}

export async function deleteGroup(group: Group): Promise<void> {
  await call("delete", "/api/v1/groups/{id}", { path: { id: group.id }, etag: etagOf(group) });
}

export async function listAccessLists(part: string, cursor?: string): Promise<Part<AccessList>> {
  return (await call("get", "/api/v1/access-lists", { query: { q: part, limit: partSize, cursor } })).data;
}

/** Groups and people by a part of their name. */
export async function findSubjects(part: string, signal: AbortSignal): Promise<Subject[]> {
  return (await call("get", "/api/v1/subjects", { query: { q: part, limit: mostFound }, signal })).data.items;
}

export async function accessList(id: number): Promise<AccessList> {
  return (await call("get", "/api/v1/access-lists/{id}", { path: { id } })).data;
}

/** Without a level it keeps its own. */
export async function saveAccessList(list: AccessList | null, name: string, entries: AccessEntry[], level?: number): Promise<void> {
  const body = { name, entries, ...(level === undefined ? {} : { level }) };
  if (list) await call("patch", "/api/v1/access-lists/{id}", { path: { id: list.id }, etag: etagOf(list), body });
  else await call("post", "/api/v1/access-lists", { body });
}

export async function listTokens(): Promise<Token[]> {
  return (await call("get", "/api/v1/tokens", {})).data.items;
}

/** Returns the secret, which is shown only this once. */
export async function createToken(name: string, scopes: TokenScope[], expiresAt: string | null): Promise<string> {
  return (await call("post", "/api/v1/tokens", { body: { name, scopes, expires_at: expiresAt } })).data.token;
}

export async function revokeToken(id: number): Promise<void> {
  await call("delete", "/api/v1/tokens/{id}", { path: { id } });
}

export async function fetchStatus(): Promise<Status> {
  return (await call("get", "/api/v1/admin/status", {})).data;
}

/** Each of these goes on as a job, whose number is returned; refused while one of its kind is under way. */
export async function startVerify(): Promise<number> {
  return (await call("post", "/api/v1/admin/verify", {})).data.job;
}

export async function startReindex(): Promise<number> {
  return (await call("post", "/api/v1/admin/reindex", {})).data.job;
}

export async function startSweep(): Promise<number> {
  return (await call("post", "/api/v1/admin/sweep", {})).data.job;
}

/** Into a directory of the service's machine. */
export async function startBackup(directory: string): Promise<number> {
  return (await call("post", "/api/v1/admin/backup", { body: { directory } })).data.job;
}
