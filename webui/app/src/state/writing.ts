// What is being written about documents. It stays while one turns pages, tabs and documents.
import { signal, type Signal } from "@preact/signals";
import { guard } from "./unsaved";

/** The text of one page as somebody would have it. */
export interface Correction {
  page: number;
  began: string; // what the page said then
  text: string;
}

type ByDocument<T> = Signal<ReadonlyMap<number, T>>;

/** One at a time of each document. */
export const corrections: ByDocument<Correction> = signal(new Map());
/** Notes that are not added yet. */
export const notes: ByDocument<string> = signal(new Map());

/** Null when there is nothing any more. */
export function write<T>(into: ByDocument<T>, document: number, what: T | null): void {
  const next = new Map(into.value);
  if (what === null) next.delete(document);
  else next.set(document, what);
  into.value = next;
}

export function isWrittenAbout(document: number): boolean {
  return corrections.value.has(document) || notes.value.has(document);
}

guard({
  unsaved: () => notes.value.size > 0 || [...corrections.value.values()].some(({ began, text }) => text !== began),
  forget: () => {
    corrections.value = new Map();
    notes.value = new Map();
  },
});
