// What the address of the audit log filters by.
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditFilter } from "../src/api/audit";

test("the address of the audit log says what is looked for", () => {
  assert.deepEqual(auditFilter(new URLSearchParams("account=3&object=document&object_id=7&action=document.changed")), { account: 3, object: "document", object_id: 7, action: "document.changed" });
});

test("what is empty or no number filters nothing", () => {
  assert.deepEqual(auditFilter(new URLSearchParams("account=me&object=%20&object_id=-1&action=&page=2")), {});
});
