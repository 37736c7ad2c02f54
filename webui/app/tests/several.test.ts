// What asks the service several times: what is asked of a person is counted.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import "./browser_globals";
import { batchesToApprove, countAsked } from "../src/api/asked";

const unstubbed = globalThis.fetch;
after(() => { globalThis.fetch = unstubbed; });

/** Lets `answer` stand for the service; returns what is asked. */
function serve(answer: (path: string) => { status: number; body: unknown }): string[] {
  const asked: string[] = [];
  globalThis.fetch = (address) => {
    const { pathname } = new URL(String(address), "http://archive.test");
    asked.push(pathname);
    const { status, body } = answer(pathname);
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status, headers: status === 204 ? {} : { "Content-Type": "application/json" } }));
  };
  return asked;
}

const page = (items: unknown[]) => ({ status: 200, body: { items, next: null, total: items.length, total_exact: true } });
const batch = (id: number, state: string, proposer: number, deciders: number[] = []) => (
  { id, state, proposed_by: { id: proposer, name: "" }, approvals: deciders.map((by) => ({ by: { id: by, name: "" }, approved: true })) });

function asks(path: string) {
  if (path.endsWith("/account/holds")) return page([{}]);
  if (path.endsWith("/account/loans")) return { status: 200, body: { loans: [{ overdue: true, recalled_at: null }, { overdue: false, recalled_at: null }], reservations: [{ available_at: null }] } };
  if (path.endsWith("/approvals")) return page([{}, {}]);
  return page([batch(1, "proposed", 5), batch(2, "proposed", 7), batch(4, "proposed", 5, [7])]);
}

test("documents and batches to approve are counted with the holds and the paper", async () => {
  serve(asks);
  assert.deepEqual((await batchesToApprove(7)).map(({ id }) => id), [1]);
  assert.equal(await countAsked(7), 1 + 1 + 2 + 1);
  const asked = serve(asks);
  assert.equal(await countAsked(null), 1 + 1 + 2);
  assert.equal(asked.some((path) => path.endsWith("/dispositions")), false);
});

test("a batch that waits behind a hundred others is found", async () => {
  const asked: string[] = [];
  globalThis.fetch = (address) => {
    const { searchParams } = new URL(String(address), "http://archive.test");
    asked.push(`${searchParams.get("state") ?? ""} ${searchParams.get("cursor") ?? ""}`);
    const body = asked.length === 1 ? { items: [batch(2, "proposed", 7)], next: "c" } : { items: [batch(1, "proposed", 5)], next: null };
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } }));
  };
  assert.deepEqual((await batchesToApprove(7)).map(({ id }) => id), [1]);
  assert.deepEqual(asked, ["proposed ", "proposed c"]);
});
