import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./browser_globals";
import { answering, type Asked } from "./answers";
import type { Document } from "../src/api/types";
import { loadMore } from "../src/i18n";
import { changing, closeDocument, loadDocument, openDocument, openFailure, saveDocument, savesEnded } from "../src/state/document";

let kept: Document;
let id = 0;

function archive({ method, body, etag }: Asked): unknown {
  if (method !== "PATCH") return kept;
  if (etag !== `"${kept.version}"`) return 412;
  kept = { ...kept, ...(body as object), version: kept.version + 1 };
  return kept;
}

beforeEach(async () => {
  await loadMore();
  closeDocument();
  id += 10;
  kept = { id, version: 1, title: "Lease", document_date: null, type: null, correspondent: null, tags: [], language: "eng", class: null, folder: null, custom_fields: [] } as unknown as Document;
  answering(archive);
  await loadDocument(id);
});

test("what is open stays when it cannot be asked for anew, and goes when it is gone", async () => {
  answering(() => 503);
  await loadDocument(id);
  assert.equal(openDocument.value?.title, "Lease");
  assert.equal(openFailure.value, null);
  answering(() => 404);
  await loadDocument(id);
  assert.equal(openDocument.value, null);
  assert.notEqual(openFailure.value, null);
});

test("what cannot be opened is told", async () => {
  answering(() => 503);
  await loadDocument(id + 1);
  assert.notEqual(openFailure.value, null);
});

test("an answer from before a change does not take it back", async () => {
  const before = { ...kept };
  let answer: (document: Document) => void = () => undefined;
  answering((asked) => (asked.method === "GET" ? new Promise<Document>((resolve) => { answer = resolve; }) : archive(asked)));
  const loading = loadDocument(id);
  await saveDocument(changing({ title: "Rent" }));
  answer(before);
  await loading;
  assert.equal(openDocument.value?.title, "Rent");
});

test("two changes right after each other are no race", async () => {
  const asked = answering(archive);
  await Promise.all([saveDocument(changing({ title: "Rent" })), saveDocument(changing({ language: "swe" }))]);
  assert.deepEqual([kept.title, kept.language], ["Rent", "swe"]);
  assert.deepEqual(asked.map(({ etag }) => etag), ['"1"', '"2"']);
});

test("a change is of the document that was open when it was made, though another is opened meanwhile", async () => {
  const asked = answering(archive);
  const saves = [saveDocument(changing({ title: "Rent" })), saveDocument(changing({ language: "swe" }))];
  openDocument.value = { ...kept, id: id + 1, version: 9 };
  await Promise.all(saves);
  assert.deepEqual(asked.map(({ path }) => path.split("/").at(-1)), [`${id}`, `${id}`]);
});

test("a refused change keeps no other from being saved, and all are waited for", async () => {
  kept = { ...kept, version: 5 }; // somebody else was faster
  const refused = saveDocument(changing({ title: "Rent" }));
  await assert.rejects(refused);
  await loadDocument(id);
  const saved = saveDocument(changing({ title: "Rent" }));
  await savesEnded();
  assert.equal(kept.title, "Rent");
  await saved;
});
