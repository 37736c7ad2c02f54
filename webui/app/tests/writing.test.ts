import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./browser_globals";
import { answering, type Asked } from "./answers";
import { saveCorrection } from "../src/screens/panel/correcting";
import { closeDocument, loadDocument, openDocument, reloadIfOpen } from "../src/state/document";
import { forgetUnsaved, isUnsaved } from "../src/state/unsaved";
import { corrections, write } from "../src/state/writing";

let text = "";
let version = 1;

/** An archive in which every document has one page. */
function archive({ method, path, body }: Asked): unknown {
  if (method === "PUT") {
    text = (body as { text: string }).text.trim(); // as the server does
    version += 1;
    return { text };
  }
  return path.endsWith("/text") ? { text } : { id: Number(path.split("/").at(-1)), version };
}

beforeEach(() => {
  text = "as it was read";
  version = 1;
  closeDocument();
  forgetUnsaved();
});

const begin = (typed: string) => write(corrections, 1, { page: 1, began: "as it was read", text: typed });

test("what is typed while a correction is saved stays, and the next save goes on from there", async () => {
  begin("once ");
  const asked = answering((request) => {
    if (request.method === "PUT" && (request.body as { text: string }).text === "once ") write(corrections, 1, { page: 1, began: "as it was read", text: "twice" });
    return archive(request);
  });
  await loadDocument(1);
  assert.deepEqual(await Promise.all([saveCorrection(1), saveCorrection(1)]), [{ kind: "saved" }, { kind: "saved" }]);
  assert.equal(text, "twice");
  assert.equal(asked.filter(({ method }) => method === "PUT").length, 2);
  assert.equal(corrections.value.size, 0);
  assert.equal(openDocument.value?.version, 3);
});

test("a correction of a document that is not open is saved all the same, after a change of something else too", async () => {
  begin("mine");
  let refusals = 1;
  answering((request) => (request.method === "PUT" && refusals-- > 0 ? 412 : archive(request)));
  assert.deepEqual(await saveCorrection(1), { kind: "saved" });
  assert.equal(text, "mine");
});

test("it is not said to be saved where the document cannot be asked for any more", async () => {
  begin("mine");
  answering((request) => (request.path.endsWith("/text") ? { text } : 404));
  assert.equal((await saveCorrection(1)).kind, "failed");
  assert.equal(corrections.value.get(1)?.text, "mine");
});

test("somebody else's text of the page is not written over", async () => {
  begin("mine");
  text = "theirs";
  answering(archive);
  assert.deepEqual(await saveCorrection(1), { kind: "overtaken" });
  assert.equal(text, "theirs");
});

test("a document that was left is not loaded again, and the one that is on its way comes", async () => {
  answering(archive);
  await loadDocument(1);
  const next = loadDocument(2);
  await reloadIfOpen(1);
  await next;
  assert.equal(openDocument.value?.id, 2);
  version = 7;
  await reloadIfOpen(2);
  assert.equal(openDocument.value?.version, 7);
});

test("who signs out is asked while something is not saved", () => {
  assert.equal(isUnsaved(), false);
  begin("mine");
  assert.equal(isUnsaved(), true);
  forgetUnsaved();
  assert.equal(isUnsaved(), false);
});
