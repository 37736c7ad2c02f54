import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { answering } from "./answers";
import { changeAndTell } from "../src/screens/search/change";
import { toasts, undoLast } from "../src/state/toasts";
import { trashChanges } from "../src/state/trash";

const report = { state: "done", documents: 2, changed: 2, unchanged: 0, refused: 0, refusals: [], problem: "", undoable: true };

test("what is taken back is told, with what was refused, and the trash hears of it", async () => {
  const asked = answering(({ method, path }) => {
    if (method === "POST") return { job: path.endsWith("/undo") ? 2 : 1 };
    if (path.endsWith("/2")) return { ...report, job: 2, changed: 1, refused: 1, refusals: [{ document: { id: 4, title: "Lease" }, problem: "It is a record." }], undoable: false };
    return path.includes("/bulk/") ? { ...report, job: 1 } : { items: [], next: null };
  });
  await changeAndTell([3, 4], { trash: true }, (n) => `${n} to the trash`);
  assert.deepEqual(toasts.value.map(({ text }) => text), ["2 to the trash"]);
  const told = new Promise((resolve) => toasts.subscribe((now) => { if (now.some(({ text }) => text.includes("refused"))) resolve(now.at(-1)?.text); }));
  assert.ok(undoLast());
  assert.equal(await told, "1 document is as before. 1 refused: It is a record.");
  assert.equal(trashChanges.value, 1);
  assert.ok(asked.some(({ path }) => path.endsWith("/1/undo")));
});

test("that something cannot be taken back is told once, and the rest of the page hears of it all the same", async () => {
  answering(({ method, path }) => {
    if (path.endsWith("/undo")) return 404;
    return method === "POST" ? { job: 1 } : path.includes("/bulk/") ? { ...report, job: 1 } : { items: [], next: null };
  });
  await changeAndTell([3], { trash: true }, (n) => `${n} to the trash`);
  toasts.value = toasts.value.slice(-1);
  const told = new Promise<void>((resolve) => toasts.subscribe((now) => { if (now.some(({ text }) => text.includes("not exist"))) resolve(); }));
  assert.ok(undoLast());
  await told;
  assert.equal(toasts.value.length, 1);
});

test("a change whose service is away for a moment is waited for", async (context) => {
  let looks = 0;
  answering(({ method, path }) => {
    if (method === "POST") return { job: 1 };
    if (path.includes("/bulk/")) return (looks += 1) === 1 ? 503 : { ...report, job: 1 };
    return { items: [], next: null };
  });
  context.mock.method(globalThis, "setTimeout", (go: () => void) => setImmediate(go)); // toasts go, too
  assert.equal((await changeAndTell([3], { trash: true }, (n) => `${n}`)).changed, 2);
  assert.equal(looks, 2);
});
