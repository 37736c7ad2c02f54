import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { deleteWithUndo } from "../src/components/delete_with_undo";
import { loadMore } from "../src/i18n";

test("what is being deleted is not deleted again before the list is shown without it", async () => {
  await loadMore();
  const group = { id: 1 };
  let deleted = 0;
  let shown = () => undefined as void;
  const once = () => deleteWithUndo(group, "Archivists", async () => { deleted += 1; }, async () => undefined, () => new Promise((resolve) => { shown = resolve; }));
  const first = once();
  await once();
  await new Promise((resolve) => setImmediate(resolve));
  await once();
  assert.equal(deleted, 1);
  shown();
  await first;
  const second = once();
  await new Promise((resolve) => setImmediate(resolve));
  shown();
  await second;
  assert.equal(deleted, 2, "it may have been made again");
});
