// A list of the administration that may have thousands of entries: what is loaded of it, a field to look for others, and
// a button for more.
import type { ComponentChildren } from "preact";
import { explain } from "../api/client";
import { tLater } from "../i18n";
import { location, setQuery } from "../router";
import { Banner, Button, Loading, TextField } from "./controls";
import { useParts, type Parts } from "./use_parts";

export interface FoundParts<T> extends Parts<T> {
  part: string; // of the names that are looked for; the address holds it, so that the way back leads to the same list
  setPart: (part: string) => void;
}

export function useFoundParts<T>(fetch: (part: string, cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>): FoundParts<T> {
  const part = location.value.query.get("q") ?? "";
  const setPart = (typed: string) => setQuery({ q: typed }, true);
  return { ...useParts((cursor) => fetch(part, cursor), part), part, setPart };
}

/** The address of all that is found in such a list. */
export function foundPath(path: string, { part }: Pick<FoundParts<unknown>, "part">): string {
  return part === "" ? path : `${path}${path.includes("?") ? "&" : "?"}q=${encodeURIComponent(part)}`;
}

export function PartsList<T>({ of, children }: { of: FoundParts<T>; children: (items: readonly T[]) => ComponentChildren }) {
  return (
    <>
      {(of.part !== "" || of.more) && <TextField label={tLater().vocabularies.find} type="text" value={of.part} onInput={of.setPart} />}
      {of.error !== null && <Banner kind="danger">{explain(of.error)}</Banner>}
      {of.items ? children(of.items) : of.error === null && <Loading />}
      {of.more && <div><Button compact onClick={of.more}>{tLater().notifications.more}</Button></div>}
    </>
  );
}
