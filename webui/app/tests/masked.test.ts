import assert from "node:assert/strict";
import { test } from "node:test";
import { isMasked, toggled } from "../src/components/masked";

const title = "Complaint of Ada Lovelace";

test("words are hidden and shown again one by one", () => {
  const once = toggled(title, null, 2);
  assert.equal(once, "Complaint of ***** Lovelace");
  const twice = toggled(title, once, 3);
  assert.equal(twice, "Complaint of ***** *****");
  assert.equal(isMasked(title, twice, 3), true);
  assert.equal(isMasked(title, twice, 0), false);
  assert.equal(toggled(title, toggled(title, twice, 3), 2), null, "nothing is hidden any more");
});

test("what was written in other words begins anew", () => {
  assert.equal(isMasked(title, "A complaint", 0), false);
  assert.equal(toggled(title, "A complaint", 3), "Complaint of Ada *****");
});
