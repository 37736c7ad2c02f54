// The document that is open beside the list: what the server says of it, kept fresh while it is being read.
import { signal } from "@preact/signals";
import { changeDocument, fetchDocument } from "../api/documents";
import type { Document, DocumentChange, Job } from "../api/types";
import { onServerEvent } from "../api/events";
import { ApiError, isAbort } from "../api/client";

export const openDocument = signal<Document | null>(null);
export const openFailure = signal<unknown>(null);
export const openProgress = signal<{ page: number; pages: number } | null>(null);

let loading: AbortController | null = null;
let wanted = 0;

export async function loadDocument(id: number): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  if (wanted !== id) {
    openProgress.value = null;
    openFailure.value = null;
  }
  wanted = id;
  try {
    const { data } = await fetchDocument(id, controller.signal);
    if (!controller.signal.aborted) show(data);
  } catch (error) {
    if (isAbort(error) || controller.signal.aborted) return;
    if (openDocument.value?.id === id && !isGone(error)) return; // it stays with what is being written in it; the next news ask again
    openFailure.value = error;
    openDocument.value = null;
  }
}

/** Takes the state of the wanted document, unless a later one is shown already. */
function show(document: Document): void {
  const shown = openDocument.value;
  if (shown?.id === document.id && shown.version > document.version) return;
  openDocument.value = document;
  openFailure.value = null;
}

/** Whether it is no more, or no longer for this person to see. */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && [403, 404].includes(error.problem.status);
}

/** Asks again for a document that was changed elsewhere, where it is open or on its way to be; another one is left alone. */
export async function reloadIfOpen(id: number): Promise<void> {
  if (wanted === id) await loadDocument(id);
}

export function closeDocument(): void {
  loading?.abort();
  wanted = 0;
  openDocument.value = null;
  openFailure.value = null;
}

export type DocumentSave = (document: Document) => Promise<Document>;

/** The save that changes metadata. */
export function changing(change: DocumentChange): DocumentSave {
  return (document) => changeDocument(document, change);
}

let lastSave: Promise<void> = Promise.resolve(); // taken or refused
let lastSaved: Document | null = null;

/** Saves a change of the document that is open now. One save follows the other, so that none takes the one before for somebody
 *  else's. Throws what the server refuses, a stale version (412) among it. */
export function saveDocument(save: DocumentSave): Promise<void> {
  const open = openDocument.value;
  if (!open) return Promise.resolve();
  const running = lastSave.then(() => saveOver(basedOn(open), save));
  lastSave = running.catch(() => { lastSaved = null; }); // who asked for it hears of the failure
  return running;
}

/** Waits until no change is on its way to the server any more, taken or refused. */
export async function savesEnded(): Promise<void> {
  for (let last = null; last !== lastSave; ) await (last = lastSave);
}

/** What a change made on `seen` is based on: that, or what our own saves have made of it since. */
function basedOn(seen: Document): Document {
  return lastSaved?.id === seen.id && lastSaved.version > seen.version ? lastSaved : seen;
}

async function saveOver(base: Document, save: DocumentSave): Promise<void> {
  const saved = await save(base);
  lastSaved = saved;
  if (wanted === saved.id) show(saved);
  (await import("./undo_change")).tellOfChange(base, saved);
}

/** Follows the news of the open document until the returned function is called. */
export function followOpenDocument(): () => void {
  return onServerEvent(({ topic, data }) => {
    if (wanted === 0) return;
    if (topic === "reset") void loadDocument(wanted);
    if (topic === "document" && data["id"] === wanted && data["version"] !== openDocument.value?.version) void loadDocument(wanted);
    if (topic === "job" && data["document"] === wanted) {
      const { state, page, pages } = data as Partial<Job>;
      openProgress.value = state === "running" && pages ? { page: page ?? 0, pages } : null;
      if (state !== "running" && state !== "queued") void loadDocument(wanted);
    }
  });
}
