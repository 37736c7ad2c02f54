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
