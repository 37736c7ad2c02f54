import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./browser_globals";
import { answering } from "./answers";
import { location } from "../src/router";
import { loadMore, moreFailure, refreshResults, results, searchFailure, searching, updateRow } from "../src/state/search";
import type { Document } from "../src/api/types";

const page = (ids: readonly number[], next: string | null) => ({
  items: ids.map((id) => ({ id, title: `${id}`, tags: [], snippets: [] })), next, total: 9, total_exact: true, facets: {}, did_you_mean: null, query_echo: { chips: [], warnings: [] },
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve));
}

const listed = () => results.value?.items.map(({ id }) => id);
const look = (q: string) => { location.value = { path: "/", query: new URLSearchParams({ q }) }; };
let looks = 0;

beforeEach(async () => {
  answering(() => page([1, 2], "c"));
  look(`list ${looks += 1}`);
  refreshResults(0);
  await until(() => listed()?.length === 2 && !searching.value);
});

test("a list that cannot be asked for anew stays, and it is said; another list takes its place all the same", async () => {
  answering(() => 503);
  refreshResults(0);
  await until(() => searchFailure.value !== null && !searching.value);
  assert.deepEqual(listed(), [1, 2]);
  look("other");
  refreshResults(0);
  await until(() => results.value === null);
});

test("more of a list is added to what has become of its rows meanwhile", async () => {
  let answer: (said: unknown) => void = () => undefined;
  answering(() => new Promise((resolve) => { answer = resolve; }));
  const more = loadMore();
  updateRow({ id: 2, title: "new", tags: [], snippets: [] } as unknown as Document);
  answer(page([3], null));
  await more;
  assert.deepEqual(results.value?.items.map(({ title }) => title), ["1", "new", "3"]);
});

test("news while more is on its way wait for it; another list does not", async () => {
  const answers: ((said: unknown) => void)[] = [];
  answering(() => new Promise((resolve) => { answers.push(resolve); }));
  const more = loadMore();
  refreshResults(0);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(answers.length, 1);
  look("other");
  refreshResults(0);
  await until(() => answers.length === 2);
  answers[1]?.(page([7], null));
  await until(() => listed()?.[0] === 7);
  answers[0]?.(page([3], null));
  await more;
  assert.deepEqual(listed(), [7]);
  assert.equal(searching.value, false);
});

test("that the rest of a list cannot be had is told, and can be tried again", async () => {
  answering(() => 503);
  await loadMore();
  assert.notEqual(moreFailure.value, null);
  assert.deepEqual(listed(), [1, 2]);
  answering(() => page([3], null));
  await loadMore();
  assert.equal(moreFailure.value, null);
  assert.deepEqual(listed(), [1, 2, 3]);
});
