import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { base64 } from "../src/api/tus";
import { addFiles, notSent, uploadKeys } from "../src/state/uploads";
import { applyJob, progressOf, worthKeeping, type UploadItem } from "../src/state/upload_item";

const item: UploadItem = {
  key: "a", name: "räkning.pdf", size: 100, state: "processing", sent: 100, url: "/api/v1/uploads/1", jobId: 7, documentId: 3, stage: "", page: 0, pages: 0,
  reason: "", trashed: false, changedAt: 0,
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
