// The wish to sign out. It asks first where something would be lost.
import { signal } from "@preact/signals";
import { explain } from "../api/client";
import { signOut } from "./session";
import { showToast } from "./toasts";
import { isUnsaved } from "./unsaved";

/** True while the person is asked. */
export const asksToSignOut = signal(false);

export function wishToSignOut(): void {
  if (isUnsaved()) asksToSignOut.value = true;
  else signOutNow();
}

export function signOutNow(): void {
  asksToSignOut.value = false;
  void signOut().catch((error: unknown) => showToast(explain(error)));
}
