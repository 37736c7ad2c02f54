// The files on their way into the archive: sent three at a time, followed until they are filed, remembered over a reload.
import { computed, signal } from "@preact/signals";
import { ApiError, explain } from "../api/client";
import { onServerEvent } from "../api/events";
import { fetchDocument } from "../api/documents";
import { cancelJob, fetchJob } from "../api/jobs";
import { terminate, upload, uploadResult } from "../api/tus";
import type { Job } from "../api/types";
import { t } from "../i18n";
import { trayOpen } from "./preferences";
import { applyJob, finalStates, type UploadItem, type UploadState } from "./upload_item";

const storageKey = "muniment.uploads";
const parallel = 3;
const files = new Map<string, File>();
const running = new Map<string, AbortController>();

export const uploads = signal<readonly UploadItem[]>([]);
/** What a screen reader is told: only ends, not every percent. */
export const uploadNews = signal("");
export const uploadsDone = computed(() => uploads.value.filter((item) => finalStates.has(item.state)).length);

export function addFiles(list: Iterable<File>): void {
  const added: UploadItem[] = [];
  for (const file of list) {
    const key = `${file.name}|${file.size}|${file.lastModified}`;
    const known = uploads.value.find((item) => item.key === key && item.state !== "failed" && item.state !== "cancelled");
    if (known && known.state !== "paused") continue;
    files.set(key, file);
    added.push({
      key, name: file.name, size: file.size, state: file.size === 0 ? "failed" : "queued", sent: 0, url: known?.url ?? null, jobId: null,
      documentId: null, stage: "", page: 0, pages: 0, reason: file.size === 0 ? t().upload.empty : "", trashed: false, changedAt: Date.now(),
    });
  }
  if (added.length === 0) return;
  const keys = new Set(added.map((item) => item.key));
  store([...added, ...uploads.value.filter((item) => !keys.has(item.key))]);
  trayOpen.value = true;
  sendNext();
}

export function retryUpload(key: string): void {
  if (!files.has(key)) return removeUpload(key);
  change(key, { state: "queued", sent: 0, reason: "", url: null });
  sendNext();
}

/** Stops an upload, or the reading of what was uploaded. */
export async function cancelUpload(item: UploadItem): Promise<void> {
  running.get(item.key)?.abort();
  change(item.key, { state: "cancelled" });
  if (item.jobId && item.state === "processing") await cancelJob(item.jobId).catch(() => undefined); // it may be done by now
  else if (item.url) await terminate(item.url).catch(() => undefined); // the server forgets it by itself in time
  sendNext();
}

export function removeUpload(key: string): void {
  files.delete(key);
  store(uploads.value.filter((item) => item.key !== key));
}

export function clearDone(): void {
  store(uploads.value.filter((item) => !finalStates.has(item.state)));
}

export function followAgain(key: string): void {
  change(key, { state: "processing", stage: "", page: 0, reason: "" });
}

function store(items: readonly UploadItem[]): void {
  uploads.value = items;
  try {
    localStorage.setItem(storageKey, JSON.stringify(items.slice(0, 200)));
  } catch {
    // without storage a reload forgets the list; the uploads themselves are safe
  }
}

function change(key: string, changes: Partial<UploadItem>): void {
  const before = uploads.value.find((item) => item.key === key);
  if (!before) return;
  const after = { ...before, ...changes, changedAt: Date.now() };
  const items = uploads.value.map((item) => (item.key === key ? after : item));
  const worthStoring = after.state !== before.state || after.url !== before.url || after.jobId !== before.jobId;
  if (worthStoring) store(items);
  else uploads.value = items;
  if (after.state !== before.state) announce(after.state, after.name);
}

function announce(state: UploadState, name: string): void {
  if (state === "filed") uploadNews.value = t().upload.finishedOne(name);
  if (state === "failed") uploadNews.value = t().upload.failedOne(name);
}

function sendNext(): void {
  for (const item of uploads.value) {
    if (running.size >= parallel) return;
    const file = files.get(item.key);
    if (item.state === "queued" && file && !running.has(item.key)) void sendOne(item, file);
  }
}

async function sendOne(item: UploadItem, file: File): Promise<void> {
  const controller = new AbortController();
  running.set(item.key, controller);
  change(item.key, { state: "sending" });
  try {
    const result = await upload({
      file,
      url: item.url,
      metadata: { filename: file.name, filetype: file.type || "application/octet-stream", lastmodified: String(file.lastModified) },
      onCreated: (url) => change(item.key, { url }),
      onProgress: (sent) => change(item.key, { state: "sending", sent }),
      onInterrupted: () => change(item.key, { state: "interrupted" }),
      signal: controller.signal,
    });
    await received(item.key, uploadResult(result));
  } catch (error) {
    if (!controller.signal.aborted) change(item.key, { state: "failed", reason: explain(error) });
  } finally {
    running.delete(item.key);
    sendNext();
  }
}

async function received(key: string, { documentId, jobId, duplicate }: { documentId: number; jobId: number | null; duplicate: boolean }): Promise<void> {
  files.delete(key);
  if (duplicate) {
    const trashed = await fetchDocument(documentId).then(({ data }) => data.trashed_at !== null, () => false);
    return change(key, { state: "duplicate", documentId, trashed });
  }
  change(key, { state: "processing", documentId, jobId });
  if (jobId) await ask(key, jobId);
}

async function ask(key: string, jobId: number): Promise<void> {
  try {
    takeJob(key, await fetchJob(jobId));
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) change(key, { state: "filed" }); // long done and forgotten
  }
}

function takeJob(key: string, job: Pick<Job, "state" | "stage" | "page" | "pages" | "problem">): void {
  const item = uploads.value.find((candidate) => candidate.key === key);
  if (item && item.state !== "cancelled") change(key, applyJob(item, job));
}

/** Takes up what an earlier visit left, and follows the server's news; asks by itself when there are none. */
export function startUploads(): void {
  store(restored());
  onServerEvent(({ topic, data }) => {
    if (topic === "reset") return void askAll(0);
    if (topic !== "job") return;
    const item = uploads.value.find((candidate) => candidate.jobId === data["id"]);
    if (item) takeJob(item.key, data as unknown as Job);
  });
  setInterval(() => void askAll(4000), 2000);
  void askAll(0);
}

async function askAll(silence: number): Promise<void> {
  const now = Date.now();
  const waiting = uploads.value.filter((item) => (item.state === "processing" || item.state === "needs-password") && item.jobId !== null);
  for (const item of waiting) {
    const asked = lastAsked.get(item.key) ?? 0;
    if (now - Math.max(item.changedAt, asked) < silence || item.jobId === null) continue;
    lastAsked.set(item.key, now);
    await ask(item.key, item.jobId);
  }
}

const lastAsked = new Map<string, number>();

function restored(): UploadItem[] {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "[]") as UploadItem[];
    return stored.map((item) => (["queued", "sending", "interrupted"].includes(item.state) ? { ...item, state: "paused" as const } : item));
  } catch {
    return [];
  }
}
