import assert from "node:assert/strict";
import { test } from "node:test";
import { gap, imageWidth, layOut, nextZoom, pageAt, pagesBetween, turned } from "../src/screens/viewer/layout";

const room = { width: 632, height: 900 };
const sizes = new Map([[1, { width: 2480, height: 3508 }], [2, { width: 3508, height: 2480 }]]);

test("fitting the width gives every page the room's width and its own height", () => {
  const layout = layOut(3, sizes, "width", 0, room);
  assert.deepEqual(layout.pages.map((page) => page.width), [600, 600, 600]);
  assert.equal(layout.pages[0]?.height, 849);
  assert.equal(layout.pages[1]?.height, 424);
  assert.equal(layout.pages[1]?.top, gap + 849 + gap);
});

test("fitting the page shows a whole page", () => {
  for (const page of layOut(2, sizes, "page", 0, room).pages) {
    assert.ok(page.height <= room.height - 2 * gap + 1);
    assert.ok(page.width <= room.width - 2 * gap);
  }
});

test("a quarter turn swaps width and height, a half turn does not", () => {
  assert.deepEqual(turned({ width: 2, height: 3 }, 90), { width: 3, height: 2 });
  assert.deepEqual(turned({ width: 2, height: 3 }, 180), { width: 2, height: 3 });
  const upright = layOut(1, sizes, "width", 0, room).pages[0];
  const lying = layOut(1, sizes, "width", 90, room).pages[0];
  assert.ok(upright && lying && lying.height < upright.height);
});

test("only the pages near the window are wanted, of ten thousand too", () => {
  const layout = layOut(10_000, new Map(), "width", 0, room);
  const middle = layout.pages[4999];
  assert.ok(middle);
  const [first, last] = pagesBetween(layout, middle.top, middle.top + room.height);
  assert.deepEqual([first, last], [5000, 5001]);
  assert.equal(pageAt(layout, middle.top, room.height), 5000);
  assert.equal(pageAt(layout, 0, room.height), 1);
  assert.equal(pageAt(layout, layout.height, room.height), 10_000);
});

test("a document without pages has none in any window", () => {
  const [first, last] = pagesBetween(layOut(0, new Map(), "width", 0, room), 0, 900);
  assert.ok(first > last);
});

test("the asked image is sharp enough and of a few widths only", () => {
  assert.equal(imageWidth(600, 1), 620);
  assert.equal(imageWidth(600, 2), 1240);
  assert.equal(imageWidth(4000, 3), 2480);
});

test("zoom steps go up and down and stop at the ends", () => {
  assert.equal(nextZoom(794, 1), 1.25);
  assert.equal(nextZoom(794, -1), 0.8);
  assert.equal(nextZoom(794 * 3, 1), 3);
  assert.equal(nextZoom(794 * 0.5, -1), 0.5);
});
