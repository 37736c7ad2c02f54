import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./browser_globals";
import { answering, type Asked } from "./answers";
import { askAnew } from "../src/api/events";
import type { Document, DocumentListItem } from "../src/api/types";
import { loadMore } from "../src/i18n";
import { location, navigate } from "../src/router";
import { draftOf } from "../src/screens/inbox/draft";
import { drafts } from "../src/state/inbox_drafts";
import { undoLast } from "../src/state/toasts";
import { file, hasMore, lookForMore, openInbox, queue, skip } from "../src/state/inbox";

Object.assign(globalThis, {
  history: {
    replaceState: (_state: unknown, _title: string, url: URL) => Object.assign(window.location, { pathname: url.pathname, search: url.search, href: url.href }),
    pushState: (_state: unknown, _title: string, url: URL) => Object.assign(window.location, { pathname: url.pathname, search: url.search, href: url.href }),
  },
  sessionStorage: { getItem: () => null, setItem: () => undefined },
});

type Kept = Document & DocumentListItem;
const paper = (id: number) => ({
  id, version: 1, title: `Paper ${id}`, document_date: null, type: null, correspondent: null, tags: [], custom_fields: [], class: null, folder: null, trashed_at: null, may_change: true, on_hold: false, is_record: false,
}) as unknown as Kept;

let archive: Kept[] = [];
let next: string | null = null;

function answer({ method, path, body }: Asked): unknown {
  if (method !== "PATCH") return { items: archive, next }; // the index may still have what was filed
  const at = archive.findIndex(({ id }) => path.endsWith(`/${id}`));
  const filed = { ...archive[at], version: 2, class: (body as { class: number | null }).class === null ? null : { id: 4, code: "4", title: "Leases" } } as Kept;
  archive[at] = filed;
  return filed;
}

const opened = () => location.value.query.get("doc");
const waiting = () => queue.value.items.map(({ id }) => id);
const fileNow = (id: number) => {
  const document = archive.find((one) => one.id === id) as Kept;
  return file(document, document, { ...draftOf(document), class: { id: 4, name: "4 Leases" } });
};

beforeEach(async () => {
  await loadMore();
  archive = [1, 2, 3].map(paper);
  next = null;
  answering(answer);
  queue.value = { items: [], skipped: new Set(), filed: 0 };
  await lookForMore();
  navigate("/inbox?doc=1");
});

test("what is filed goes, and the next is shown", async () => {
  await fileNow(1);
  await lookForMore();
  assert.deepEqual(waiting(), [2, 3]);
  assert.equal(opened(), "2");
});

test("what is taken back has what was chosen in its form again", async () => {
  await fileNow(1);
  undoLast();
  while (!drafts.value.has(1)) await new Promise((resolve) => setTimeout(resolve));
  assert.equal(archive[0]?.class, null);
  assert.deepEqual(drafts.value.get(1)?.draft.class, { id: 4, name: "4 Leases" });
});

test("who has gone on to another document while one was being filed stays there", async () => {
  answering((asked) => {
    if (asked.method === "PATCH") navigate("/inbox?doc=3");
    return answer(asked);
  });
  await fileNow(1);
  assert.equal(opened(), "3");
  await skip(3);
  assert.equal(opened(), "2");
});

test("what was filed here and lost its place elsewhere waits again", async () => {
  await fileNow(1);
  archive[0] = { ...paper(1), version: 3 };
  await lookForMore();
  assert.deepEqual(waiting(), [2, 3, 1]);
});

test("what was thrown away does not wait, though the index may still find it", async () => {
  archive.push({ ...paper(4), trashed_at: "2026-01-01T00:00:00Z" } as Kept);
  await lookForMore();
  assert.deepEqual(waiting(), [1, 2, 3]);
});

test("news are no reason to look while there is more than is shown", async (context) => {
  const timers: (() => void)[] = [];
  const stop = openInbox();
  await new Promise(setImmediate);
  context.mock.method(globalThis, "setTimeout", (go: () => void) => timers.push(go));
  hasMore.value = true;
  const asked = answering(answer);
  askAnew();
  timers.shift()?.();
  assert.equal(asked.length, 0);
  hasMore.value = false;
  askAnew();
  timers.shift()?.();
  await new Promise(setImmediate);
  assert.equal(asked.length, 1);
  stop();
});

test("a look that began before the inbox was opened anew adds nothing", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  const stale = [paper(1), paper(9)]; // 9 is filed by somebody else meanwhile
  let first = true;
  answering(async (asked) => {
    if (!first) return answer(asked);
    first = false;
    await held;
    return { items: stale, next: null };
  });
  openInbox()();
  const stop = openInbox();
  release();
  await lookForMore();
  assert.deepEqual(waiting(), [1, 2, 3]);
  stop();
});
