import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import type { Permission, Session } from "../src/api/types";
import { places } from "../src/components/shell";
import { managesRecords, recordsTabs } from "../src/screens/records/tabs";
import { session } from "../src/state/session";

function tabsWith(...permissions: Permission[]): string[] {
  session.value = { permissions: ["read_documents", ...permissions] } as unknown as Session;
  return recordsTabs();
}

test("each part of records management is there for its own permission, declaring or not", () => {
  assert.deepEqual(tabsWith(), ["plan"]);
  assert.equal(managesRecords(), false);
  assert.deepEqual(tabsWith("manage_holds"), ["plan", "holds"]);
  assert.equal(managesRecords(), true);
  assert.deepEqual(tabsWith("handle_privacy"), ["plan", "privacy"]);
  assert.deepEqual(tabsWith("transfer_records"), ["plan", "packages"]);
  assert.deepEqual(tabsWith("approve_disposition"), ["plan", "disposition"]);
  assert.deepEqual(tabsWith("propose_disposition"), ["overview", "plan", "disposition", "destroyed", "reports"]);
  assert.deepEqual(tabsWith("lend_paper"), ["plan", "paper"]);
  assert.deepEqual(tabsWith("manage_paper"), ["plan", "paper"]);
  assert.deepEqual(tabsWith("manage_schedules"), ["plan", "schedules"]);
  assert.deepEqual(tabsWith("declare_records"), ["plan", "schedules", "paper"]);
});

test("administration is there for whom it has any part", () => {
  const leadsThere = (...permissions: Permission[]) => {
    tabsWith(...permissions);
    return places().some(({ path }) => path === "/admin");
  };
  assert.equal(leadsThere(), false);
  assert.equal(leadsThere("manage_holds"), false);
  for (const one of ["manage_accounts", "manage_access", "manage_file_plan", "operate", "read_audit"] as const) assert.equal(leadsThere(one), true, one);
});
