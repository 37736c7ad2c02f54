// The inbox: the queue of documents that wait for a class, how one leaves it and how it comes back.
import { signal } from "@preact/signals";
import { listCustomFields } from "../api/custom_fields";
import { changeDocument, restoreDocument, trashDocument } from "../api/documents";
import { onServerEvent } from "../api/events";
import { fetchWaiting } from "../api/inbox";
import { ensureName, type Vocabulary } from "../api/names";
import type { Document, DocumentListItem } from "../api/types";
import type { Choice } from "../components/picker";
import { t, tLater } from "../i18n";
import { location, setQuery } from "../router";
import { changeBack, changeOf, ownFields, type Draft } from "../screens/inbox/draft";
import { nextAfter, withFiled, withFound, without, withReturned, withSkipped, type Queue } from "../screens/inbox/queue";
import { forgetDraft, keepDraft } from "./inbox_drafts";
import { oneAtATime } from "./pace";
import { showToast } from "./toasts";

export const queue = signal<Queue<DocumentListItem>>({ items: [], skipped: new Set(), filed: 0 });
export const hasMore = signal(false);
export const inboxState = signal<"loading" | "ready">("loading");
export const inboxFailure = signal<unknown>(null);

const newsPause = 2000; // milliseconds
let visit = 0; // a look that began in an earlier one finds nothing for this one

/** Shows what waits now, and follows what comes in until the returned function is called. What was skipped and filed stays counted. */
export function openInbox(): () => void {
  visit += 1;
  queue.value = { ...queue.value, items: [] };
  inboxState.value = "loading";
  void lookForMore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = onServerEvent(({ topic }) => {
    if (topic !== "job" && topic !== "reset") return;
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!hasMore.value) void lookForMore(); // else what is new stands behind what is not shown yet
    }, newsPause);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

export const lookForMore = oneAtATime(async () => {
  const mine = visit;
  try {
    const known = new Set(queue.value.items.map(({ id }) => id)); // also those that are filed before the answer comes
    const { items, more } = await fetchWaiting((id) => known.has(id));
    if (mine !== visit) return;
    queue.value = withFound(queue.value, items);
    hasMore.value = more;
    inboxFailure.value = null;
  } catch (error) {
    if (mine !== visit) return;
    inboxFailure.value = error;
  }
  inboxState.value = "ready";
});

export function showWaiting(id: number | null, replace = false): void {
  if (location.value.path === "/inbox") setQuery({ doc: id === null ? null : String(id) }, replace);
}

/** From the document `left` to the next, unless the person has gone elsewhere meanwhile. */
async function goOn(left: number, next: DocumentListItem | null): Promise<void> {
  if (!next && hasMore.value) await lookForMore();
  if (Number(location.value.query.get("doc")) === left) showWaiting((next ?? nextAfter(queue.value, null))?.id ?? null, true);
}

export async function skip(id: number): Promise<void> {
  const next = nextAfter(queue.value, id);
  queue.value = withSkipped(queue.value, id);
  await goOn(id, next);
}

export function lookAgain(): void {
  queue.value = { ...queue.value, skipped: new Set() };
  showWaiting(queue.value.items[0]?.id ?? null, true);
}

/** What is no longer to be filed, because somebody else has done it or it is gone. */
export async function passOver(id: number): Promise<void> {
  const next = nextAfter(queue.value, id);
  forgetDraft(id);
  queue.value = without(queue.value, id);
  await goOn(id, next);
}

/** Throws what the server refuses. */
export async function throwAway(document: Document): Promise<void> {
  await trashDocument(document);
  const place = placeOf(document.id);
  showToast(t().trash.moved(document.title), () => undoing(place, async () => {
    await restoreDocument(document.id);
    showToast(t().trash.restored(document.title));
  }));
  await passOver(document.id);
}

async function known(vocabulary: Vocabulary, choice: Choice): Promise<Choice> {
  return choice.id === undefined ? ensureName(vocabulary, choice.name) : choice;
}

/** The draft with names that did not exist yet made, and without fields that were filled in while another type was chosen. */
async function settled(base: Document, draft: Draft): Promise<Draft> {
  const filled = Object.entries(draft.fields);
  const carried = filled.length > 0 ? ownFields(await listCustomFields(), base, draft) : [];
  return {
    ...draft,
    fields: Object.fromEntries(filled.filter(([key]) => carried.some((field) => field.key === key))),
    type: draft.type && (await known("types", draft.type)),
    correspondent: draft.correspondent && (await known("correspondents", draft.correspondent)),
    tags: await Promise.all(draft.tags.map((tag) => known("tags", tag))),
  };
}

/** Files the document as the draft, made from `base`, says, and goes to the next. Throws what the server refuses, a stale version (412) among it. */
export async function file(base: Document, present: Document, draft: Draft): Promise<void> {
  const filled = await settled(base, draft);
  const saved = await changeDocument(present, changeOf(base, filled));
  const place = placeOf(saved.id);
  const next = nextAfter(queue.value, saved.id);
  forgetDraft(saved.id);
  queue.value = withFiled(queue.value, saved.id);
  showToast(tLater().inbox.filed(saved.title), () => undoing(place, async () => {
    keepDraft(await changeDocument(saved, changeBack(present, saved)), filled); // what was chosen stands in the form again
    queue.value = { ...queue.value, filed: Math.max(0, queue.value.filed - 1) };
    showToast(tLater().inbox.undone(present.title));
  }));
  await goOn(saved.id, next);
}

interface PlaceInQueue {
  item: DocumentListItem | undefined;
  at: number;
}

function placeOf(wanted: number): PlaceInQueue {
  const at = queue.value.items.findIndex(({ id }) => id === wanted);
  return { item: queue.value.items[at], at };
}

/** Takes a step back, and the document with it to where it stood. */
async function undoing({ item, at }: PlaceInQueue, undo: () => Promise<void>): Promise<void> {
  await undo();
  if (!item) return;
  queue.value = withReturned(queue.value, item, at);
  showWaiting(item.id);
}
