import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import type { Document } from "../src/api/types";
import { reverse } from "../src/state/undo_change";

const named = (id: number) => ({ id, name: `n${id}` });
const field = (value: string | null) => ({ key: "cost", value }) as Document["custom_fields"][number];

function aDocument(change: Partial<Document> = {}): Document {
  const plain = { id: 1, version: 1, title: "Lease", document_date: null, type: null, correspondent: named(3), tags: [named(1)], language: "eng", class: null, folder: null, custom_fields: [field("12")] };
  return { ...plain, ...change } as unknown as Document;
}

test("only what was changed is taken back", () => {
  const before = aDocument();
  const after = aDocument({ version: 2, title: "Rent", tags: [named(1), named(2)] });
  assert.deepEqual(reverse(before, after, after), { title: "Lease", tags: [1] });
  assert.deepEqual(reverse(before, { ...before, version: 2 }, before), {});
});

test("an emptied field comes back, and a filled one becomes empty", () => {
  const before = aDocument();
  const after = aDocument({ correspondent: null, document_date: "2026-01-02", custom_fields: [field(null)] });
  assert.deepEqual(reverse(before, after, after), { document_date: null, correspondent: 3, custom_fields: [{ key: "cost", value: "12" }] });
});

test("what somebody has changed since stays as it is, other changes of theirs do not matter", () => {
  const before = aDocument();
  const after = aDocument({ title: "Rent" });
  assert.equal(reverse(before, after, aDocument({ title: "Theirs" })), null);
  assert.deepEqual(reverse(before, after, aDocument({ title: "Rent", type: named(9) })), { title: "Lease" });
});

test("a folder that was left comes back by the folder alone, which decides the class", () => {
  const inFolder = aDocument({ class: { id: 4, code: "4", title: "Leases" }, folder: { id: 7, title: "2026" } });
  const out = aDocument({ class: { id: 5, code: "5", title: "Other" }, folder: null });
  assert.deepEqual(reverse(inFolder, out, out), { folder: 7 });
  assert.deepEqual(reverse(out, inFolder, inFolder), { class: 5, folder: null });
});
