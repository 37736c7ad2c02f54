import assert from "node:assert/strict";
import { test } from "node:test";
import { collated } from "../src/screens/collation";

const tiles = (...documents: number[]) => documents.map((document, index) => ({ document, page: index + 1, starts: index > 0 }));

test("backs come behind their fronts, from the last sheet to the first, in one document", () => {
  const order = collated(tiles(7, 7, 7, 8, 8));
  assert.deepEqual(order?.map(({ page }) => page), [1, 5, 2, 4, 3]);
  assert.ok(order?.every(({ starts }) => !starts));
});

test("more backs than fronts are the other way round", () => {
  assert.equal(collated(tiles(7, 8, 8)), null);
});
