// What the address of the audit log filters by.
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditFilter, auditQuery } from "../src/api/audit";

test("the address of the audit log says what is looked for", () => {
  assert.deepEqual(auditFilter(new URLSearchParams("account=3&object=document&object_id=7&action=document.changed")), { account: 3, object: "document", object_id: 7, action: "document.changed" });
});

test("what is empty or no number filters nothing", () => {
  assert.deepEqual(auditFilter(new URLSearchParams("account=me&object=%20&object_id=-1&action=&page=2&from=soon&through=2026-13-01")), {});
});

test("days are asked for as the moments between them", () => {
  const { since, until, action } = auditQuery(auditFilter(new URLSearchParams("action=document.changed&from=2026-02-28&through=2026-02-28")));
  assert.equal(action, "document.changed");
  assert.equal(since, new Date(2026, 1, 28).toISOString());
  assert.equal(until, new Date(2026, 2, 1).toISOString());
  assert.deepEqual(auditQuery({}), {});
});
