import assert from "node:assert/strict";
import { test } from "node:test";
import { inRuns, pagesIn } from "../src/screens/records/page_numbers";

test("pages are read as people write them", () => {
  assert.deepEqual(pagesIn("1-3, 5", 10), [1, 2, 3, 5]);
  assert.deepEqual(pagesIn("7 2–3 3", 10), [2, 3, 7]);
  for (const wrong of ["", "0", "11", "3-1", "x", "1-", "2,a"]) assert.equal(pagesIn(wrong, 10), null, wrong);
});

test("pages are shown in runs", () => {
  assert.equal(inRuns([1, 2, 3, 5, 7, 8]), "1–3, 5, 7–8");
  assert.equal(inRuns([]), "");
});
