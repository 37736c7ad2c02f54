import assert from "node:assert/strict";
import { test } from "node:test";
import { numbered, stepped } from "../src/screens/differences";

const run = (kind: "equal" | "deleted" | "inserted", text: string) => ({ kind, text, older_page: null });

test("what was deleted and what took its place are one difference, over the end of a page too", () => {
  const pages = numbered({
    pages: [
      { page: 1, runs: [run("equal", "a"), run("deleted", "b"), run("inserted", "c"), run("equal", "d"), run("inserted", "e")] },
      { page: 2, runs: [run("inserted", "f"), run("equal", "g"), run("deleted", "h")] },
    ],
  });
  assert.deepEqual(pages.map((page) => page.runs.map(({ change }) => change)), [[0, 1, 1, 0, 2], [2, 0, 3]]);
  assert.deepEqual(pages.flatMap((page) => page.runs.filter(({ first }) => first).map(({ text }) => text)), ["b", "e", "h"]);
});

test("from difference to difference goes around the ends", () => {
  assert.equal(stepped(0, 1, 3), 1);
  assert.equal(stepped(0, -1, 3), 3);
  assert.equal(stepped(3, 1, 3), 1);
  assert.equal(stepped(1, -1, 3), 3);
  assert.equal(stepped(0, 1, 0), 0);
});
