import { session } from "./session";

/** Under what this browser keeps something of the account that is signed in, so that nobody else who sits here is shown it. */
export function ownKey(name: string): string {
  return `muniment.${name}.${session.peek()?.account.id ?? 0}`;
}

/** What was kept without saying whose it is: everybody who sits here would be shown it. */
export function forgetOwnerless(): void {
  try {
    for (const name of ["recent", "uploads"]) localStorage.removeItem(`muniment.${name}`);
  } catch {
    // without storage nothing was kept
  }
}
