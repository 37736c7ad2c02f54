import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { closeToast, holdToast, releaseToast, showToast, toasts } from "../src/state/toasts";

/** Frames and timers that come when a test says so. */
function standingTime() {
  const frames: (() => void)[] = [];
  const timers = new Set<() => void>();
  const real = { requestAnimationFrame: globalThis.requestAnimationFrame, setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  Object.assign(globalThis, {
    requestAnimationFrame: (draw: () => void) => frames.push(draw),
    setTimeout: (act: () => void) => { timers.add(act); return act; },
    clearTimeout: (act: () => void) => timers.delete(act),
  });
  return { timers, draw: () => frames.splice(0).forEach((frame) => frame()), restore: () => Object.assign(globalThis, real) };
}

test("a toast goes when it was in sight for its time, and not while the pointer or the focus is on it", () => {
  const time = standingTime();
  try {
    showToast("It is in the trash");
    const id = toasts.value[0]?.id ?? 0;
    assert.equal(time.timers.size, 0, "nothing is drawn yet");
    time.draw();
    assert.equal(time.timers.size, 1);
    holdToast(id, "pointer");
    holdToast(id, "focus");
    releaseToast(id, "pointer");
    time.draw();
    assert.equal(time.timers.size, 0, "it has the focus still");
    releaseToast(id, "focus");
    time.draw();
    for (const over of [...time.timers]) over();
    assert.equal(toasts.value.length, 0);
    showToast("It is back");
    closeToast(toasts.value[0]?.id ?? 0);
    time.draw();
    assert.equal(time.timers.size, 0, "what is gone has no time");
  } finally {
    time.restore();
  }
});
