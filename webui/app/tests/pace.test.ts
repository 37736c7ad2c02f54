import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { PartsReader, type Part } from "../src/components/parts_reader";
import { oneAtATime, soon } from "../src/state/pace";

test("wishes that keep coming do not put off what is due, and a nearer one brings it forward", (context) => {
  let now = 0;
  let pending: { at: number; go: () => void } | null = null;
  context.mock.method(Date, "now", () => now);
  context.mock.method(globalThis, "setTimeout", (go: () => void, delay: number) => { pending = { at: now + delay, go }; });
  context.mock.method(globalThis, "clearTimeout", () => { pending = null; });
  const pass = (until: number) => {
    now = until;
    if (pending && pending.at <= now) {
      const { go } = pending;
      pending = null;
      go();
    }
  };
  let calls = 0;
  const wish = soon(() => { calls += 1; });
  for (let at = 0; at <= 1000; at += 100) {
    pass(at);
    wish(400);
  }
  assert.equal(calls, 2);
  wish(0);
  pass(1000);
  assert.equal(calls, 3);
  pass(5000);
  assert.equal(calls, 3);
});

test("who asks while a question is under way gets one more answer, and all of them the newest", async () => {
  const answers: (() => void)[] = [];
  let done = 0;
  const load = oneAtATime(() => new Promise<void>((resolve) => { answers.push(() => { done += 1; resolve(); }); }));
  const first = load();
  const others = [load(), load(), load()];
  assert.equal(answers.length, 1);
  answers[0]?.();
  await first;
  await new Promise(setImmediate);
  assert.equal(answers.length, 2);
  answers[1]?.();
  await Promise.all(others);
  assert.equal(done, 2);
  const last = load();
  answers[2]?.();
  await last;
  assert.equal(done, 3);
});

/** A list of ten, two a part; every answer waits to be let go. */
function tenInParts() {
  const waiting: (() => void)[] = [];
  const fetch = (cursor: string | undefined) => new Promise<Part<number>>((resolve) => {
    const from = Number(cursor ?? 0);
    waiting.push(() => resolve({ items: [from, from + 1], next: from + 2 < 10 ? String(from + 2) : null }));
  });
  const answer = async () => {
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
  };
  return { fetch, answer };
}

test("more of a list and the list anew do not take each other's place", async () => {
  const { fetch, answer } = tenInParts();
  let shown: readonly number[] = [];
  const reader = new PartsReader<number>(fetch, (list) => { shown = list?.items ?? shown; });
  void reader.reload();
  await answer();
  assert.deepEqual(shown, [0, 1]);
  void reader.more();
  void reader.reload();
  void reader.reload();
  await answer();
  assert.deepEqual(shown, [0, 1, 2, 3]);
  void reader.reload();
  void reader.more();
  await answer();
  assert.deepEqual(shown, [0, 1, 2, 3, 4, 5]);
});

test("a part that cannot be read is told, leaves what is there, and can be asked for again", async () => {
  let fails = false;
  const told: unknown[] = [];
  let shown: Part<number> | null = null;
  const reader = new PartsReader<number>(async (cursor) => {
    if (fails) throw new Error("away");
    return { items: [Number(cursor ?? 0)], next: cursor ? null : "1" };
  }, (list, error) => {
    shown = list ?? shown;
    told.push(error);
  });
  await reader.reload();
  fails = true;
  await reader.more();
  assert.ok(told.at(-1) instanceof Error);
  fails = false;
  await reader.more();
  assert.deepEqual([shown, told.at(-1)], [{ items: [0, 1], next: null }, null]);
});

test("of a list that is wanted no more nothing is shown", async () => {
  const { fetch, answer } = tenInParts();
  let times = 0;
  const reader = new PartsReader<number>(fetch, () => { times += 1; });
  void reader.reload();
  await new Promise(setImmediate);
  reader.end();
  await answer();
  assert.equal(times, 0);
});
