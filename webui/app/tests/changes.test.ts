import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "../src/screens/changes";

test("what differs is told with its value before and after", () => {
  assert.deepEqual(changesOf({ title: "Lease", date: null, language: "eng" }, { title: "Lease of 2024", date: "2024-03-01", language: "eng" }), [
    { name: "title", before: "Lease", after: "Lease of 2024" },
    { name: "date", before: "", after: "2024-03-01" },
  ]);
});

test("where nothing is told of before, all of it is new", () => {
  assert.deepEqual(changesOf(null, { size: 3, tags: ["a", "b"], empty: "" }), [{ name: "size", before: null, after: "3" }, { name: "tags", before: null, after: "a, b" }]);
  assert.deepEqual(changesOf(null, null), []);
});

test("a long value is cut, and what is no object stands by itself", () => {
  assert.deepEqual(changesOf("one", "two"), [{ name: "", before: "one", after: "two" }]);
  assert.equal(changesOf(null, { text: "x".repeat(1000) })[0]?.after.length, 301);
});

test("what is gone afterwards is told, too", () => {
  assert.deepEqual(changesOf({ folder: { id: 3, title: "Spring" } }, {}), [{ name: "folder", before: "id 3, title Spring", after: "" }]);
});
