// Who is signed in. Everything else of the page waits for this.
import { computed, signal } from "@preact/signals";
import { isUnauthenticated, useCsrfToken, whenSignedOut } from "../api/client";
import { askAnew, startEvents, tellSignedOut, whenSignedOutElsewhere } from "../api/events";
import { changeOwnAccount, endSession, fetchSession, openStation, setupNeeded, signIn as postSession } from "../api/session";
import { setLanguage } from "../i18n";
import type { Permission, Session } from "../api/types";
import { forgetUnsaved, isUnsaved } from "./unsaved";

export type SessionState = "unknown" | "setup" | "signed-out" | "signed-in";

export const sessionState = signal<SessionState>("unknown");
export const session = signal<Session | null>(null);
/** True after a session ended by itself, so that the sign-in form can say so. */
export const sessionEnded = signal(false);

const may = (permission: Permission) => computed(() => session.value?.permissions.includes(permission) ?? false);
export const mayCapture = may("add_documents");
export const mayEdit = may("change_documents");
export const mayShare = may("share_documents");
export const mayManageAccess = may("manage_access");
export const mayManageAccounts = may("manage_accounts");
export const mayOperate = may("operate");
export const mayManagePlan = may("manage_file_plan");
export const mayDeclare = may("declare_records");
export const mayManageRecords = may("manage_records");
export const mayHandlePrivacy = may("handle_privacy");
export const mayManageSchedules = may("manage_schedules");
export const mayManageHolds = may("manage_holds");
export const mayLend = may("lend_paper");
export const mayManagePaper = may("manage_paper");
export const mayTransfer = may("transfer_records");
export const mayPropose = may("propose_disposition");
export const mayReadAudit = may("read_audit");
export const mayApprove = may("approve_disposition");

function adopt(opened: Session): void {
  if (session.value && session.value.account.id !== opened.account.id) {
    forgetUnsaved();
    window.location.reload(); // what waits belongs to somebody else
    return;
  }
  session.value = opened;
  void setLanguage(opened.account.language); // empty: as this browser has it
  useCsrfToken(opened.csrf_token ?? "");
  const again = sessionEnded.value;
  sessionEnded.value = false;
  if (opened.last_event !== null) startEvents(opened.last_event);
  sessionState.value = "signed-in";
  if (again) askAnew(); // for what was refused meanwhile
}

/** The address of a scan station carries its secret behind the "#", which browsers tell no server; it is used once. */
async function becomeStation(): Promise<void> {
  const secret = /^#station=(mus_.+)$/.exec(window.location.hash)?.[1];
  if (secret === undefined) return;
  window.history.replaceState(null, "", "/scan");
  try {
    await openStation(secret);
  } catch (error) {
    if (!isUnauthenticated(error)) throw error;
  }
}

let leaving = false; // somebody signs out here: what is refused meanwhile is no news

/** Of a session that has ended otherwise than by signing out here. */
function end(): void {
  if (leaving || sessionState.value !== "signed-in") return;
  sessionEnded.value = !session.value?.scan_station;
  sessionState.value = "signed-out";
}

/** Finds out at the start whether there is a session, or even any account. */
export async function startSession(): Promise<void> {
  whenSignedOut(end);
  whenSignedOutElsewhere(() => {
    if (isUnsaved()) end(); // it is there for whoever began it, after signing in again
    else leave();
  });
  await becomeStation();
  const opened = await fetchSession();
  if (opened) return adopt(opened);
  sessionState.value = (await setupNeeded()) ? "setup" : "signed-out";
}

/** `code`: of the second factor, where one was asked for. */
export async function signIn(name: string, password: string, code?: string): Promise<void> {
  adopt(await postSession(name, password, code));
}

/** After something that decides what this session may do. */
export async function refreshSession(): Promise<void> {
  const opened = await fetchSession();
  if (opened) adopt(opened);
}

/** Of the page, here and wherever else one signs in. */
export async function chooseLanguage(code: string): Promise<void> {
  await setLanguage(code);
  await changeSelf({ language: code });
}

export async function changeSelf(change: { display_name?: string; language?: string }): Promise<void> {
  const account = await changeOwnAccount(change);
  if (session.value) session.value = { ...session.value, account };
}

/** The page is loaded anew: nothing of what it held is there for whoever is next. */
function leave(): void {
  forgetUnsaved();
  sessionState.value = "unknown";
  window.location.replace("/");
}

/** In all tabs. */
export async function signOut(): Promise<void> {
  leaving = true;
  try {
    await endSession();
  } catch (error) {
    if (!isUnauthenticated(error)) throw error; // it has ended by itself, which is as good
  } finally {
    leaving = false;
  }
  tellSignedOut();
  leave();
}

export { adopt as adoptSession };
