import assert from "node:assert/strict";
import { after, test } from "node:test";
import "./browser_globals";
import { answering } from "./answers";
import { whenSignedOut } from "../src/api/client";
import { base64, upload } from "../src/api/tus";
import { setLanguage } from "../src/i18n/index";
import { readDropped } from "../src/screens/upload/dropped";
import { sessionState } from "../src/state/session";
import { toasts, undoLast } from "../src/state/toasts";
import { forgetUnsaved } from "../src/state/unsaved";
import { addFiles, changeUpload, clearDone, notSent, startUploads, uploadKeys, uploadOf, removeUpload } from "../src/state/uploads";
import { applyJob, elapsed, progressOf, worthKeeping, type UploadItem } from "../src/state/upload_item";

const item: UploadItem = {
  key: "a", name: "räkning.pdf", size: 100, place: null, state: "processing", sent: 100, url: "/api/v1/uploads/1", jobId: 7, documentId: 3, stage: "", page: 0, pages: 0,
  reason: "", twin: false, trashed: false, changedAt: 0, since: 0,
};
const job = { state: "running" as const, stage: "reading" as const, page: 6, pages: 31, problem: null };

test("a running job tells stage and page", () => {
  assert.deepEqual(applyJob(item, job), { state: "processing", stage: "reading" as const, page: 6, pages: 31 });
});

test("a job ends an upload in the state that it has for people", () => {
  assert.equal(applyJob(item, { ...job, state: "done" }).state, "filed");
  assert.equal(applyJob(item, { ...job, state: "waiting", problem: { code: "password_needed", detail: "" } }).state, "needs-password");
  const failed = applyJob(item, { ...job, state: "failed", problem: { code: "bad_file", detail: "It is cut off." } });
  assert.deepEqual(failed, { state: "failed", reason: "It is cut off." });
});

test("how long a reading takes is told once it takes long", () => {
  assert.deepEqual([9_999, 10_000, 65_000, 3_665_000, Number.NaN].map(elapsed), [null, "0:10", "1:05", "1:01:05", null]);
});

test("progress never goes back while a file goes its way", () => {
  const way: Partial<UploadItem>[] = [
    { state: "sending", sent: 0 }, { state: "sending", sent: 50 }, { state: "processing", stage: "inspecting" },
    { state: "processing", stage: "reading", page: 0, pages: 31 }, { state: "processing", stage: "reading", page: 31, pages: 31 },
    { state: "processing", stage: "archiving" }, { state: "processing", stage: "indexing" },
  ];
  const shares = way.map((step) => progressOf({ ...item, ...step }) ?? -1);
  assert.deepEqual(shares, [...shares].sort((a, b) => a - b));
  assert.ok((shares.at(-1) ?? 2) <= 1);
  assert.equal(progressOf({ ...item, state: "filed" }), null);
});

test("of a long list what the server has a part of is remembered first, and it is said how much is not", () => {
  const many = (state: UploadItem["state"], count: number) => Array.from({ length: count }, (_, index): UploadItem => ({ ...item, state, key: `${state} ${index}` }));
  const list = [...many("queued", 600), ...many("filed", 100), ...many("sending", 3), ...many("processing", 20)];
  const { kept, cut } = worthKeeping(list);
  const of = (state: UploadItem["state"]) => kept.filter((one) => one.state === state).length;
  assert.deepEqual([kept.length, of("sending"), of("processing"), of("queued"), of("filed")], [500, 3, 20, 477, 0]);
  assert.equal(cut, 600 - 477);
  assert.deepEqual(kept, list.filter((one) => kept.includes(one)), "in the same order");
  assert.deepEqual(worthKeeping(list.slice(0, 500)), { kept: list.slice(0, 500), cut: 0 });
});

test("names of any script survive the tus metadata", () => {
  assert.equal(Buffer.from(base64("räkning 東京.pdf"), "base64").toString("utf8"), "räkning 東京.pdf");
});

test("a file that the list knows is not taken for one that could not be remembered", async () => {
  notSent.value = 3;
  const empty = new File([], "empty.pdf", { lastModified: 1 }); // refused by the page itself
  await addFiles([empty]);
  assert.deepEqual([notSent.value, uploadKeys.value.length], [2, 1]);
  await addFiles([empty]);
  assert.deepEqual([notSent.value, uploadKeys.value.length], [2, 1]);
});

test("however slow the disk is to tell of many files, the browser has its turn in between", async (context) => {
  let now = 0;
  let turn = 0;
  context.mock.method(performance, "now", () => now);
  context.mock.method(globalThis, "setTimeout", (go: () => void, delay?: number) => {
    if (delay) return; // the list is stored later
    turn += 1;
    queueMicrotask(go);
  });
  const asked: number[] = []; // in which turn each was
  const slow = (index: number) => {
    const file = new File([], `slow ${index}.pdf`, { lastModified: 1 });
    Object.defineProperty(file, "size", { get: () => { asked.push(turn); now += 5; return 0; } });
    return file;
  };
  await addFiles(Array.from({ length: 10 }, (_, index) => slow(index)));
  const perTurn = [...new Set(asked)].map((each) => asked.filter((one) => one === each).length);
  assert.equal(asked.length, 10, "each is asked once");
  assert.ok(Math.max(...perTurn) <= 3, `${perTurn.join(", ")} files of 5 ms a turn`);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const stateOf = (key: string) => uploadOf(key)?.state;
const clear = () => { for (const key of uploadKeys.value) removeUpload(key); };
const unstubbed = globalThis.fetch;
after(() => { globalThis.fetch = unstubbed; });

test("files of one name in two folders are both sent, and what the list has already is told", async () => {
  clear();
  sessionState.value = "signed-out"; // nothing is sent
  const file = () => new File(["scan"], "scan.pdf", { lastModified: 1 });
  const [one, other] = [file(), file()];
  await addFiles([one, other], { paths: new Map([[one, "a/scan.pdf"], [other, "b/scan.pdf"]]) });
  assert.deepEqual(uploadKeys.value.map(stateOf), ["queued", "queued"]);
  await addFiles([one], { paths: new Map([[one, "a/scan.pdf"]]) });
  assert.equal(uploadKeys.value.length, 2);
  assert.equal(toasts.value.at(-1)?.text, "One of them is already in the list.");
});

test("a file that was left in a folder is gone on with when it is chosen without it", async () => {
  clear();
  const file = new File(["scan"], "scan.pdf", { lastModified: 1 });
  await addFiles([file], { paths: new Map([[file, "a/scan.pdf"]]) });
  forgetUnsaved();
  assert.deepEqual(uploadKeys.value.map(stateOf), ["paused"]);
  await addFiles([file]);
  assert.deepEqual(uploadKeys.value.map(stateOf), ["queued"]);
});

test("what was brought to a folder is taken to the inbox also when it is no longer in the list, and that is told where something was", async () => {
  clear();
  toasts.value = [];
  const place = { field: "folder", id: 7, name: "Leases" } as const;
  const told = () => toasts.value.map(({ text }) => text);
  const bring = async (name: string, end: Partial<UploadItem>) => {
    await addFiles([new File(["x"], name, { lastModified: 1 })], { place });
    await until(() => told().includes("1 file goes to Leases."));
    changeUpload(uploadKeys.value[0] ?? "", end);
    clearDone();
  };
  const asked = answering(({ method }) => (method === "POST" ? { job: 1 } : { state: "done", changed: [], refusals: [] }));
  await bring("known.pdf", { state: "duplicate", documentId: 4 });
  undoLast();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([asked.length, told()], [0, []], "the other document stays where it is");
  await bring("new.pdf", { state: "filed", documentId: 5 });
  undoLast();
  await until(() => told().includes("What came in waits in the inbox instead."));
  assert.deepEqual(asked[0]?.body, { class: null, folder: null, documents: [5] });
});

test("files wait for whoever has to sign in again", async (context) => {
  clear();
  context.mock.method(globalThis, "setInterval", () => 0);
  startUploads();
  let signedIn = false;
  whenSignedOut(() => { sessionState.value = "signed-out"; });
  answering(() => (signedIn ? 413 : 401));
  sessionState.value = "signed-in";
  await addFiles([1, 2, 3, 4, 5].map((number) => new File(["x"], `${number}.pdf`, { lastModified: 1 })));
  await until(() => sessionState.value === "signed-out" && uploadKeys.value.every((key) => stateOf(key) === "queued"));
  signedIn = true;
  sessionState.value = "signed-in";
  await until(() => uploadKeys.value.every((key) => stateOf(key) === "failed")); // each is asked for, and refused for another reason
});

test("a file that was removed from the disk is told of and not tried for ever", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("failed to fetch"));
  let interruptions = 0;
  const file = new File(["x"], "gone.pdf");
  const abort = new AbortController();
  const target = { file, url: null, metadata: {}, onCreated: () => undefined, onProgress: () => undefined, onInterrupted: () => { interruptions += 1; abort.abort(); }, signal: abort.signal };
  await assert.rejects(upload(target)); // a lost line is another matter
  assert.equal(interruptions, 1);
  const unreadable = Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new Error("NotReadableError")) });
  file.slice = () => unreadable;
  await assert.rejects(upload({ ...target, signal: new AbortController().signal }), /can no longer be read/);
  assert.equal(interruptions, 1);
});

test("a file over the quota of a day is refused at once, in the words of the page, and not sent again and again", async () => {
  const detail = "one account may bring in 5 MiB a day (intake.daily_quota); 4.5 MiB are used today, and this would be 1 MiB more; the count starts again at midnight, on 2026-12-01";
  let asked = 0;
  globalThis.fetch = () => {
    asked += 1;
    return Promise.resolve(Response.json({ code: "quota_exceeded", title: "", detail, status: 507, errors: [] }, { status: 507 }));
  };
  clear();
  sessionState.value = "signed-in";
  await setLanguage("sv");
  try {
    await addFiles([new File(["xx"], "much.pdf", { lastModified: 1 })]);
    await until(() => uploadKeys.value.every((key) => stateOf(key) === "failed"));
    assert.equal(uploadOf(uploadKeys.value[0] ?? "")?.reason,
      "Ett konto får föra in 5 MiB om dagen (intake.daily_quota); 4.5 MiB är använda i dag, och det här vore 1 MiB till; räkningen börjar om vid midnatt, den 2026-12-01");
    assert.equal(asked, 1);
  } finally {
    await setLanguage("en");
  }
});

test("a file that is there whole and came too late for the quota of a day is not asked for again and again", async () => {
  const asked: string[] = [];
  const attempt = new AbortController();
  globalThis.fetch = (_, options) => {
    asked.push(`${options?.method ?? "GET"} ${new Headers(options?.headers).get("Upload-Offset") ?? ""}`);
    const body = options?.method === "HEAD" ? null : JSON.stringify({ code: "quota_exceeded", title: "", detail: "", status: 507, errors: [] });
    return Promise.resolve(new Response(body, { status: 507, headers: { "Content-Type": "application/problem+json" } }));
  };
  await assert.rejects(
    upload({
      file: new File(["xx"], "late.pdf"), url: "/api/v1/uploads/1", metadata: {}, signal: attempt.signal,
      onCreated: () => undefined, onProgress: () => undefined, onInterrupted: () => attempt.abort(),
    }),
    { code: "quota_exceeded" });
  assert.deepEqual(asked, ["HEAD ", "PATCH 2"]);
});

test("of a dropped folder all is taken that can be read, and the rest is counted", async () => {
  const file = (path: string, fails = false) => ({
    isFile: true, fullPath: path,
    file: (take: (file: File) => void, refuse: (error: Error) => void) => (fails ? refuse(new Error("not found")) : take(new File(["x"], path.split("/").at(-1) ?? ""))),
  });
  const folder = (path: string, children: object[] | null) => ({
    isFile: false, isDirectory: true, fullPath: path,
    createReader: () => {
      const batches = [children ?? [], []];
      return { readEntries: (take: (batch: object[]) => void, refuse: (error: Error) => void) => (children ? take(batches.shift() ?? []) : refuse(new Error("denied"))) };
    },
  });
  const dropped = [file("/top.pdf"), folder("/a", [file("/a/one.pdf"), file("/a/gone.pdf", true), folder("/a/locked", null), file("/a/two.pdf")])];
  const items = dropped.map((entry) => ({ kind: "file", type: "", webkitGetAsEntry: () => entry }));
  const transfer = { items, files: [new File([], "top.pdf"), new File([], "a")] } as unknown as DataTransfer;
  const { files, paths, unreadable } = await readDropped(transfer);
  assert.deepEqual(files.map((each) => paths.get(each) ?? each.name), ["top.pdf", "a/one.pdf", "a/two.pdf"]);
  assert.equal(unreadable, 2);
});

/** What a browser has of things that are dropped: names with their types, and folders with the names of the files in them. */
function thingsDropped(things: { name: string; type: string; within?: string[] }[]) {
  const asked: string[] = [];
  const entryOf = (name: string) => ({ isFile: true, isDirectory: false, fullPath: `/${name}`, file: (done: (file: File) => void) => done(new File([], name)) });
  const items = things.map(({ name, type, within }) => ({
    kind: "file", type,
    webkitGetAsEntry: () => {
      asked.push(name);
      const batches = [within?.map(entryOf) ?? [], []];
      return within ? { isFile: false, isDirectory: true, createReader: () => ({ readEntries: (done: (batch: object[]) => void) => done(batches.shift() ?? []) }) } : entryOf(name);
    },
  }));
  const files = things.map(({ name, type }) => new File([], name, { type }));
  return { asked, transfer: { items: [{ kind: "string", type: "text/uri-list" }, ...items], files } as unknown as DataTransfer };
}

test("files are dropped with those in folders, also in a folder that is called like a file", async () => {
  const { transfer } = thingsDropped([{ name: "a.txt", type: "text/plain" }, { name: "letters.pdf", type: "application/pdf", within: ["b.txt", "c.txt"] }, { name: "d", type: "" }]);
  assert.deepEqual((await readDropped(transfer)).files.map(({ name }) => name), ["a.txt", "b.txt", "c.txt", "d"]);
});

test("of thousands that are dropped only those are asked that may be folders", async () => {
  const many = Array.from({ length: 3000 }, (_, index) => ({ name: `${index}.txt`, type: "text/plain" }));
  const { asked, transfer } = thingsDropped([...many, { name: "letters", type: "", within: ["b.txt"] }]);
  assert.equal((await readDropped(transfer)).files.length, 3001);
  assert.deepEqual(asked, ["letters"]);
});
