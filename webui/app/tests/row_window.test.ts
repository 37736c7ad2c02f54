import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockHeights, blockSize, spanNear } from "../src/components/row_window";

test("only the blocks near the window are drawn, wherever it is", () => {
  const heights = Array.from({ length: 200 }, () => 2000);
  assert.deepEqual(spanNear(heights, 0, 900), { first: 0, last: 0 });
  assert.deepEqual(spanNear(heights, 100_500, 900), { first: 49, last: 51 });
  assert.deepEqual(spanNear(heights, 399_100, 900), { first: 199, last: 199 });
});

test("a short list is drawn whole, and so is the end of one that became shorter", () => {
  assert.deepEqual(spanNear([500], 0, 900), { first: 0, last: 0 });
  assert.deepEqual(spanNear([2000, 2000], 90_000, 900), { first: 1, last: 1 });
  assert.deepEqual(spanNear([], 0, 900), { first: 0, last: 0 });
});

test("blocks that were never drawn are taken to be as high as the first that was", () => {
  const heights = new BlockHeights();
  heights.note(1, 3000);
  heights.note(2, 2500);
  assert.deepEqual(heights.all(4 * blockSize), [3000, 3000, 2500, 3000]);
  assert.deepEqual(heights.all(blockSize / 5), [600]);
});
