// What was written in the form of the inbox and not filed yet, by document. It is there again after a reload, for the
// account that wrote it.
import { computed, effect, signal } from "@preact/signals";
import type { Document } from "../api/types";
import { draftOf, type Draft } from "../screens/inbox/draft";
import { ownKey } from "./own_key";
import { session } from "./session";

export interface KeptDraft {
  version: number; // of the document, that it was begun with
  before: Draft; // what that version said
  draft: Draft;
}

export const drafts = signal<ReadonlyMap<number, KeptDraft>>(new Map());

const owner = computed(() => session.value?.account.id ?? 0);
const storageKey = () => ownKey("inbox-drafts");

effect(() => {
  drafts.value = owner.value === 0 ? new Map() : stored();
});

function stored(): Map<number, KeptDraft> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(storageKey()) ?? "[]") as [number, KeptDraft][]);
  } catch {
    return new Map();
  }
}

function become(next: ReadonlyMap<number, KeptDraft>): void {
  drafts.value = next;
  try {
    sessionStorage.setItem(storageKey(), JSON.stringify([...next]));
  } catch {
    // without storage they last as long as the page
  }
}

/** `version`: the one that the person saw last, where the document has another by now. */
export function keepDraft(document: Document, draft: Draft, version = document.version): void {
  become(new Map(drafts.value).set(document.id, { version, before: draftOf(document), draft }));
}

export function forgetDraft(id: number): void {
  if (!drafts.value.has(id)) return;
  become(new Map([...drafts.value].filter(([other]) => other !== id)));
}
