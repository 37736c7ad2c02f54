import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { textIn } from "../src/screens/viewer/copy_region";
import { asQuery } from "../src/screens/viewer/find";
import { doubtfulWords, firstFrom, hitAt, hitNumber, hitRectangles, settledFirst, stepHit, totalHits, type WordBox } from "../src/screens/viewer/hits";

const pages = [{ page: 2, hits: 2 }, { page: 5, hits: 1 }, { page: 9, hits: 3 }];

test("hits are numbered through the document", () => {
  assert.equal(totalHits(pages), 6);
  assert.equal(hitNumber(pages, { page: 5, index: 0 }), 3);
  assert.equal(hitNumber(pages, { page: 3, index: 0 }), 0);
  assert.deepEqual(hitAt(pages, 4), { page: 9, index: 0 });
  assert.equal(hitAt(pages, 7), null);
});

test("stepping goes across pages and round the ends", () => {
  assert.deepEqual(stepHit(pages, { page: 2, index: 1 }, 1, 2), { page: 5, index: 0 });
  assert.deepEqual(stepHit(pages, { page: 9, index: 2 }, 1, 9), { page: 2, index: 0 });
  assert.deepEqual(stepHit(pages, { page: 2, index: 0 }, -1, 2), { page: 9, index: 2 });
});

test("stepping from nowhere begins at the page in view", () => {
  assert.deepEqual(stepHit(pages, null, 1, 3), { page: 5, index: 0 });
  assert.deepEqual(firstFrom(pages, 10), { page: 2, index: 0 });
  assert.equal(stepHit([], null, 1, 1), null);
});

test("the words of a phrase are one rectangle a line", () => {
  const lines: WordBox[][] = [
    [[10, 10, 30, 12, "due", 96], [45, 9, 40, 14, "thirty", 96]],
    [[10, 30, 35, 12, "days", 96]],
  ];
  assert.deepEqual(hitRectangles(lines, [[0, 0], [0, 1], [1, 0]]), [
    { x: 10, y: 9, width: 75, height: 14 },
    { x: 10, y: 30, width: 35, height: 12 },
  ]);
  assert.deepEqual(hitRectangles(lines, [[7, 7]]), []);
});

test("the first hit waits for the pages before it", () => {
  const none = () => false;
  assert.equal(settledFirst([{ page: 2, hits: 1 }], 1, none, true), null);
  assert.deepEqual(settledFirst([{ page: 2, hits: 1 }], 1, () => true, true), { page: 2, index: 0 });
  assert.equal(settledFirst([{ page: 2, hits: 1 }], 3, none, true), null);
  assert.deepEqual(settledFirst([{ page: 2, hits: 1 }], 3, none, false), { page: 2, index: 0 });
});

test("words read with doubt are told in the order of reading, surely read ones not", () => {
  const lines: WordBox[][] = [[[0, 0, 10, 5, "sure", 96], [12, 0, 10, 5, "d0ubt", 59]], [[0, 8, 10, 5, "edge", 60], [12, 8, 10, 5, "b1ur", 3]]];
  assert.deepEqual(doubtfulWords(lines), [[0, 1], [1, 1]]);
});

test("what is looked for in a document is meant as it stands", () => {
  assert.equal(asQuery("  "), "");
  assert.equal(asQuery("rent"), "rent OR rent*");
  assert.equal(asQuery("7"), "7");
  assert.equal(asQuery(" thirty days "), '"thirty days"');
  for (const query of ["invoi*", "rent OR lease", "rent -lease", '"thirty days"', "(rent)"]) assert.equal(asQuery(query), query);
});

test("the text of an area is the words whose middle is in it, line by line", () => {
  const lines: WordBox[][] = [
    [[10, 10, 40, 10, "Amount", 90], [60, 10, 40, 10, "due", 90], [200, 10, 40, 10, "Page", 90]],
    [[10, 30, 40, 10, "1250", 90], [60, 30, 40, 10, "SEK", 90]],
  ];
  assert.equal(textIn(lines, { x: 0, y: 0, width: 120, height: 60 }), "Amount due\n1250 SEK");
  assert.equal(textIn(lines, { x: 55, y: 28, width: 50, height: 10 }), "SEK");
  assert.equal(textIn(lines, { x: 55, y: 20, width: 50, height: 5 }), "");
});
