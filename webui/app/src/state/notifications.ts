// How much news there is for, and how much is asked of, whoever is signed in: asked for now and then while the page is looked at.
import { signal } from "@preact/signals";
import { countAsked } from "../api/asked";
import { countUnread } from "../api/notifications";
import { mayApprove, session } from "./session";

const interval = 60_000; // milliseconds

export const unread = signal(0);

/** The account, when it may approve batches. */
export function approver(): number | null {
  return mayApprove.value ? session.value?.account.id ?? null : null;
}

export async function refreshUnread(): Promise<void> {
  try {
    const [news, asked] = await Promise.all([countUnread(), countAsked(approver())]);
    unread.value = news + asked;
  } catch {
    // The next time will tell; a bell is not worth a complaint.
  }
}

/** Returns what ends it. */
export function watchUnread(): () => void {
  const look = () => { if (!document.hidden) void refreshUnread(); };
  look();
  const timer = setInterval(look, interval);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
