import { session } from "./session";

/** Under what this browser keeps something of the account that is signed in, so that nobody else who sits here is shown it. */
export function ownKey(name: string): string {
  return `muniment.${name}.${session.peek()?.account.id ?? 0}`;
}
