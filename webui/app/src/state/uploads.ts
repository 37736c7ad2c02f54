// The files on their way into the archive: sent three at a time, followed until they are filed, remembered over a reload
// of the tab, by account.
// There may be thousands, so that nothing here goes through all of them when one of them changes.
import { effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";
import { ApiError, explain, isUnauthenticated } from "../api/client";
import { onServerEvent } from "../api/events";
import { fetchDocument } from "../api/documents";
import { cancelJob, fetchJob } from "../api/jobs";
import { terminate, upload, uploadResult } from "../api/tus";
import type { Job } from "../api/types";
import { loadMore, t, tLater } from "../i18n";
import { formatNumber } from "../i18n/format";
import { ownKey } from "./own_key";
import { trayOpen } from "./preferences";
import { sessionState } from "./session";
import { showToast } from "./toasts";
import { guard } from "./unsaved";
import type { UploadPlace } from "./upload_place";
import { applyJob, finalStates, worthKeeping, type UploadItem, type UploadState } from "./upload_item";

/** For what is sent alone, like an archive that is brought in; by way of here, so that the page's first part stays one piece. */
export { terminate, upload };

const storeEvery = 1000; // milliseconds
const parallel = 3;
const askedAtOnce = 50; // jobs a round
const takenFor = 12; // milliseconds
const files = new Map<string, File>();
const waiting = new Set<string>(); // to be sent, in order
const running = new Map<string, AbortController>();
const items = new Map<string, Signal<UploadItem>>();
const byJob = new Map<number, string>();
const followed = new Map<string, number>(); // jobs that go on, and when something was heard or asked of them last; who waits longest is first

/** In the order of the list, the newest first. */
export const uploadKeys = signal<readonly string[]>([]);
/** What a screen reader is told: only ends, not every percent. */
export const uploadNews = signal("");
export const uploadsDone = signal(0);
/** How many files an earlier visit had chosen and could not remember. */
export const notSent = signal(0);

/** Of a key in the list. */
export function uploadOf(key: string): UploadItem | undefined {
  return items.get(key)?.value;
}

/** The same as it changes; what is taken off the list stays as it was. */
export function uploadSignalOf(key: string): ReadonlySignal<UploadItem> | undefined {
  return items.get(key);
}

/** Takes them a part at a time, since how large each is has to be asked of the disk, which may be slow and far away; the browser
 *  has its turn before each part. `paths` tells where those were found that came in a folder, `place` where they are to be filed. */
export async function addFiles(list: Iterable<File>, { paths = new Map(), place = null }: { paths?: ReadonlyMap<File, string>; place?: UploadPlace | null } = {}): Promise<void> {
  const all = [...list];
  const before = new Set<string>();
  const keyFor = keying(paths);
  let listed = 0;
  for (let at = 0; at < all.length; ) {
    await new Promise((resolve) => setTimeout(resolve));
    const part = askedFiles(all, at, keyFor);
    listed += take(part, before, place);
    at += part.length;
  }
  if (listed > 0) {
    await loadMore();
    showToast(tLater().uploads.listed(listed, formatNumber(listed)));
  }
  if (place) void (await import("./placed_uploads")).tellOfPlace([...before], place);
}

interface AskedFile {
  file: File;
  size: number;
  key: string;
}

type KeyFor = (file: File, size: number) => string;

/** Files of one name in two folders are two. What is chosen again to be gone on with is known without its folder, too. */
function keying(paths: ReadonlyMap<File, string>): KeyFor {
  const paused = new Map(uploadKeys.value.flatMap((key) => (uploadOf(key)?.state === "paused" ? [[key.slice(key.lastIndexOf("/") + 1), key] as const] : [])));
  return (file, size) => {
    const key = `${paths.get(file) ?? file.name}|${size}|${file.lastModified}`;
    return items.has(key) ? key : paused.get(key) ?? key;
  };
}

/** The files from `at` on, as many as tell what they are within the time; one at least. */
function askedFiles(all: readonly File[], at: number, keyFor: KeyFor): AskedFile[] {
  const end = performance.now() + takenFor;
  const asked: AskedFile[] = [];
  do {
    const file = all[at + asked.length] as File;
    const { size } = file;
    asked.push({ file, size, key: keyFor(file, size) });
  } while (at + asked.length < all.length && performance.now() < end);
  return asked;
}

/** Puts the files after those `before`, which came with them, and these among them. Returns how many the list has already. */
function take(part: readonly AskedFile[], before: Set<string>, place: UploadPlace | null): number {
  const added = new Map<string, UploadItem>();
  let listed = 0;
  for (const { file, size, key } of part) {
    const known = items.get(key)?.value;
    if (added.has(key) || (known && !["paused", "failed", "cancelled"].includes(known.state))) {
      listed += 1;
      continue;
    }
    if (size > 0) {
      files.set(key, file);
      waiting.add(key);
    }
    added.set(key, {
      key, name: file.name, size, place: known?.state === "paused" ? known.place : place, state: size === 0 ? "failed" : "queued", sent: 0, url: known?.state === "paused" ? known.url : null, jobId: null,
      documentId: null, stage: "", page: 0, pages: 0, reason: size === 0 ? t().upload.empty : "", twin: false, trashed: false, changedAt: Date.now(), since: Date.now(),
    });
  }
  if (added.size === 0) return listed;
  const others = uploadKeys.value.filter((key) => !before.has(key) && !added.has(key));
  const itemsOf = (keys: Iterable<string>) => [...keys].flatMap((key) => uploadOf(key) ?? []);
  const unknown = [...added.keys()].filter((key) => !items.has(key)).length; // those of the list are not among what could not be remembered
  notSent.value = Math.max(0, notSent.value - unknown);
  show([...itemsOf(before), ...added.values(), ...itemsOf(others)]);
  for (const key of added.keys()) before.add(key);
  trayOpen.value = true;
  sendNext();
  return listed;
}

export function retryUpload(key: string): void {
  if (!files.has(key)) return removeUpload(key);
  changeUpload(key, { state: "queued", sent: 0, reason: "", url: null });
  waiting.add(key);
  sendNext();
}

/** Whether its file is still at hand, so that it can become a document of its own. */
export function mayKeepBoth(key: string): boolean {
  return files.has(key);
}

/** Sends a file again that is in the archive already. */
export function keepBoth(key: string): void {
  changeUpload(key, { state: "queued", sent: 0, url: null, documentId: null, twin: true });
  waiting.add(key);
  sendNext();
}

/** Stops an upload, or the reading of what was uploaded. */
export async function cancelUpload(item: UploadItem): Promise<void> {
  running.get(item.key)?.abort();
  waiting.delete(item.key);
  changeUpload(item.key, { state: "cancelled" });
  if (item.jobId && item.state === "processing") await cancelJob(item.jobId).catch(() => undefined); // it may be done by now
  else if (item.url) await terminate(item.url).catch(() => undefined); // the server forgets it by itself in time
  sendNext();
}

export function removeUpload(key: string): void {
  files.delete(key);
  waiting.delete(key);
  show(remaining((item) => item.key !== key));
}

export function clearDone(): void {
  notSent.value = 0;
  show(remaining((item) => !finalStates.has(item.state)));
}

export function followAgain(key: string): void {
  changeUpload(key, { state: "processing", stage: "", page: 0, reason: "" });
}

function remaining(keep: (item: UploadItem) => boolean): UploadItem[] {
  return uploadKeys.value.flatMap((key) => uploadOf(key) ?? []).filter(keep);
}

/** Makes these the list. */
function show(list: readonly UploadItem[]): void {
  const gone = new Set(items.keys());
  for (const item of list) {
    gone.delete(item.key);
    const known = items.get(item.key);
    if (known) known.value = item;
    else items.set(item.key, signal(item));
    note(item);
  }
  for (const key of gone) {
    items.delete(key);
    followed.delete(key);
  }
  uploadKeys.value = list.map(({ key }) => key);
  uploadsDone.value = list.filter(({ state }) => finalStates.has(state)).length;
  storeSoon();
}

/** Keeps by job and by silence what is to be found so. */
function note({ key, state, jobId, changedAt }: UploadItem): void {
  followed.delete(key);
  if (jobId === null) return;
  byJob.set(jobId, key);
  if (state === "processing" || state === "needs-password") followed.set(key, changedAt);
}

let storing: ReturnType<typeof setTimeout> | undefined;

function storeSoon(): void {
  storing ??= setTimeout(store, storeEvery);
}

function store(): void {
  clearTimeout(storing);
  storing = undefined;
  const { kept, cut } = worthKeeping(remaining(() => true));
  try {
    sessionStorage.setItem(ownKey("uploads"), JSON.stringify({ items: kept, notSent: notSent.value + cut }));
  } catch {
    // without storage a reload forgets the list; the uploads themselves are safe
  }
}

/** Notes what has become of one of the list. */
export function changeUpload(key: string, changes: Partial<UploadItem>): void {
  const item = items.get(key);
  if (!item) return;
  const before = item.value;
  const now = Date.now();
  const after = { ...before, ...changes, changedAt: now };
  if (after.state !== before.state) after.since = now;
  item.value = after;
  note(after);
  if (after.state === before.state && after.url === before.url && after.jobId === before.jobId && after.place === before.place) return;
  uploadsDone.value += Number(finalStates.has(after.state)) - Number(finalStates.has(before.state));
  storeSoon();
  if (after.state !== before.state) announce(after.state, after.name);
}

function announce(state: UploadState, name: string): void {
  if (state === "filed") uploadNews.value = t().upload.finishedOne(name);
  if (state === "failed") uploadNews.value = t().upload.failedOne(name);
}

function sendNext(): void {
  if (sessionState.peek() === "signed-out") return;
  for (const key of waiting) {
    if (running.size >= parallel) return;
    const item = uploadOf(key);
    const file = files.get(key);
    if (running.has(key)) continue;
    waiting.delete(key);
    if (item && file) void sendOne(item, file);
  }
}

async function sendOne(item: UploadItem, file: File): Promise<void> {
  const controller = new AbortController();
  running.set(item.key, controller);
  changeUpload(item.key, { state: "sending" });
  try {
    const result = uploadResult(await upload({
      file,
      url: item.url,
      metadata: {
        filename: file.name, filetype: file.type || "application/octet-stream", lastmodified: String(file.lastModified),
        ...(item.place ? { [item.place.field]: String(item.place.id) } : {}),
        ...(item.twin ? { keep_duplicate: "true" } : {}),
      },
      onCreated: (url) => changeUpload(item.key, { url }),
      onProgress: (sent) => changeUpload(item.key, { state: "sending", sent }),
      onInterrupted: () => changeUpload(item.key, { state: "interrupted" }),
      signal: controller.signal,
    }));
    await received(item.key, result);
    if (item.place && !result.duplicate) void (await import("./placed_uploads")).arrived(item.key, result.documentId);
  } catch (error) {
    if (controller.signal.aborted) return;
    if (isUnauthenticated(error)) sendLater(item.key);
    else changeUpload(item.key, { state: "failed", reason: explain(error) });
  } finally {
    running.delete(item.key);
    sendNext();
  }
}

/** Once somebody is signed in again, before the others. */
function sendLater(key: string): void {
  const others = [...waiting];
  waiting.clear();
  for (const each of [key, ...others]) waiting.add(each);
  changeUpload(key, { state: "queued" });
}

async function received(key: string, { documentId, jobId, duplicate }: { documentId: number; jobId: number | null; duplicate: boolean }): Promise<void> {
  if (duplicate) {
    const trashed = await fetchDocument(documentId).then(({ data }) => data.trashed_at !== null, () => false);
    return changeUpload(key, { state: "duplicate", documentId, trashed });
  }
  files.delete(key);
  changeUpload(key, { state: "processing", documentId, jobId });
  if (jobId) await ask(key, jobId);
}

async function ask(key: string, jobId: number): Promise<void> {
  try {
    takeJob(key, await fetchJob(jobId));
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) changeUpload(key, { state: "filed" }); // long done and forgotten
  }
}

function takeJob(key: string, job: Pick<Job, "state" | "stage" | "page" | "pages" | "problem">): void {
  const item = uploadOf(key);
  if (item && item.state !== "cancelled") changeUpload(key, applyJob(item, job));
}

/** Takes up what an earlier visit left, and follows the server's news; asks by itself when there are none. */
export function startUploads(): void {
  show(restored());
  effect(() => { if (sessionState.value === "signed-in") untracked(sendNext); });
  window.addEventListener("pagehide", store);
  onServerEvent(({ topic, data }) => {
    if (topic === "reset") return void askSilent(0);
    if (topic !== "job") return;
    const key = byJob.get(Number(data["id"]));
    if (key !== undefined) takeJob(key, data as unknown as Job);
  });
  setInterval(() => void askSilent(4000), 2000);
  void askSilent(0);
}

let asking = false;

/** Asks for those jobs of which nothing was heard for so many milliseconds, some at a time. */
async function askSilent(silence: number): Promise<void> {
  if (asking) return;
  asking = true;
  const now = Date.now();
  for (const [key, heard] of [...followed].slice(0, askedAtOnce)) {
    const jobId = uploadOf(key)?.jobId;
    if (now - heard < silence || !jobId) continue;
    followed.delete(key);
    followed.set(key, now);
    await ask(key, jobId);
  }
  asking = false;
}

function restored(): UploadItem[] {
  try {
    const stored = JSON.parse(sessionStorage.getItem(ownKey("uploads")) ?? "{}") as { items?: UploadItem[]; notSent?: number };
    notSent.value = stored.notSent ?? 0;
    return (stored.items ?? []).map((item) => (["queued", "sending", "interrupted"].includes(item.state) ? { ...item, state: "paused" as const } : item));
  } catch {
    return [];
  }
}

guard({
  unsaved: () => waiting.size + running.size > 0,
  forget: () => {
    for (const key of [...waiting, ...running.keys()]) changeUpload(key, { state: "paused" });
    waiting.clear();
    for (const controller of running.values()) controller.abort();
  },
});
