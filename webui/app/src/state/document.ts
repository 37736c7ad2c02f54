// The document that is open beside the list: what the server says of it, kept fresh while it is being read.
import { signal } from "@preact/signals";
import { changeDocument, fetchDocument } from "../api/documents";
import type { Document, DocumentChange, Job } from "../api/types";
import { onServerEvent } from "../api/events";
import { isAbort } from "../api/client";

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
    if (wanted !== id) return;
    openDocument.value = data;
    openFailure.value = null;
  } catch (error) {
    if (isAbort(error) || wanted !== id) return;
    openFailure.value = error;
    openDocument.value = null;
  }
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

const saves = new Set<Promise<void>>();

/** Saves a change of the open document. Throws what the server refuses, a stale version (412) among it. */
export function saveDocument(save: DocumentSave): Promise<void> {
  const running = saveOpen(save);
  const ended = running.catch(() => undefined).finally(() => saves.delete(ended)); // who asked for it hears of the failure
  saves.add(ended);
  return running;
}

/** Waits until no change is on its way to the server any more, taken or refused. */
export async function savesEnded(): Promise<void> {
  while (saves.size > 0) await Promise.all(saves);
}

async function saveOpen(save: DocumentSave): Promise<void> {
  const open = openDocument.value;
  if (!open) return;
  const saved = await save(open);
  if (wanted === saved.id) openDocument.value = saved;
  (await import("./undo_change")).tellOfChange(open, saved);
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
