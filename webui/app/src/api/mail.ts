// Mailboxes that are looked through, and their mails that could not be taken in.
import { call, everyPage } from "./call";
import { etagOf, type FailedMail, type Mailbox, type MailboxChange, type MailListener, type MailListenerChange, type NewMailbox } from "./types";

export function listMailboxes(): Promise<Mailbox[]> {
  return everyPage((cursor) => call("get", "/api/v1/mailboxes", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

/** Brings the mailbox to these terms; an empty password keeps the present one. */
export async function changeMailbox(mailbox: Mailbox, { password, ...terms }: MailboxChange): Promise<void> {
  const body = password ? { ...terms, password } : terms;
  await call("patch", "/api/v1/mailboxes/{id}", { path: { id: mailbox.id }, etag: etagOf(mailbox), body });
}

export async function createMailbox(terms: NewMailbox): Promise<void> {
  await call("post", "/api/v1/mailboxes", { body: terms });
}

export async function deleteMailbox(mailbox: Mailbox): Promise<void> {
  await call("delete", "/api/v1/mailboxes/{id}", { path: { id: mailbox.id }, etag: etagOf(mailbox) });
}

/** Has it looked through now, and its failed mails tried again. */
export async function visitMailbox(mailbox: Mailbox): Promise<void> {
  await call("post", "/api/v1/mailboxes/{id}/visits", { path: { id: mailbox.id } });
}

export async function listFailedMails(mailbox: number): Promise<FailedMail[]> {
  return (await call("get", "/api/v1/mailboxes/{id}/failed-mails", { path: { id: mailbox }, query: { limit: 200 } })).data.items;
}

function identity({ folder, uid_validity, uid }: FailedMail) {
  return { folder, uid_validity, uid };
}

export async function retryFailedMail(mailbox: number, mail: FailedMail): Promise<void> {
  await call("post", "/api/v1/mailboxes/{id}/failed-mails/retry", { path: { id: mailbox }, body: identity(mail) });
}

/** It stays in the mailbox and counts as dealt with. */
export async function leaveFailedMail(mailbox: number, mail: FailedMail): Promise<void> {
  await call("post", "/api/v1/mailboxes/{id}/failed-mails/leave", { path: { id: mailbox }, body: identity(mail) });
}

/** Where devices may send mail, and how that goes. */
export async function loadMailListener(): Promise<MailListener> {
  return (await call("get", "/api/v1/admin/mail-listener", {})).data;
}

export async function changeMailListener(before: MailListener, terms: MailListenerChange): Promise<void> {
  await call("patch", "/api/v1/admin/mail-listener", { etag: etagOf(before), body: terms });
}

/** Back to that of the configuration. */
export async function resetMailListener(before: MailListener): Promise<void> {
  await call("delete", "/api/v1/admin/mail-listener", { etag: etagOf(before) });
}
