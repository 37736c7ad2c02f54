// What people follow, and what they are told.
import { call } from "./call";
import type { Notifications, OwnMail } from "./types";

export type Followed = "document" | "folder" | "saved-view";

export async function fetchNotifications(before?: number): Promise<Notifications> {
  return (await call("get", "/api/v1/notifications", { query: before ? { before } : {} })).data;
}

export async function countUnread(): Promise<number> {
  return (await call("get", "/api/v1/notifications/unread", {})).data.unread;
}

/** All up to this one. */
export async function markRead(upTo: number): Promise<void> {
  await call("post", "/api/v1/notifications/read", { body: { up_to: upTo } });
}

export async function fetchOwnMail(): Promise<OwnMail> {
  return (await call("get", "/api/v1/account/mail", {})).data;
}

export async function chooseMail(mail: OwnMail): Promise<void> {
  await call("put", "/api/v1/account/mail", { body: mail });
}

export async function isFollowed(kind: Followed, id: number): Promise<boolean> {
  return (await call("get", "/api/v1/subscriptions/{kind}/{id}", { path: { kind, id } })).data.following;
}

export async function setFollowed(kind: Followed, id: number, following: boolean): Promise<void> {
  if (following) await call("put", "/api/v1/subscriptions/{kind}/{id}", { path: { kind, id } });
  else await call("delete", "/api/v1/subscriptions/{kind}/{id}", { path: { kind, id } });
}
