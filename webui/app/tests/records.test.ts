import assert from "node:assert/strict";
import { test } from "node:test";
import { answering } from "./answers";
import "./browser_globals";
import { findSchedules } from "../src/api/file_plan";
import type { Class, ScheduleTerms } from "../src/api/types";
import { plusDays } from "../src/screens/records/use_day";
import { numbersIn } from "../src/screens/records/parts";
import { byCode } from "../src/screens/records/plan_tree";
import { changedTerms, readPeriod, termsInWords, units, writePeriod } from "../src/screens/records/terms";
import { loadMore } from "../src/i18n/index";

await loadMore();

function aClass(id: number, code: string, parent: number | null): Class {
  return {
    id, version: 1, parent, below: 0, code, title: code, status: "open", access_list: { id: 1, name: "all", inherited: true, level: { number: 0, name: "Open" } },
    scope_note: "", schedule: null, own_schedule: false, declares_on_filing: false,
  };
}

test("classes stand in the order of their codes", () => {
  const codes = [aClass(1, "10", null), aClass(2, "2", null), aClass(3, "2.10", 2), aClass(4, "2.9", 2)].sort(byCode).map(({ code }) => code);
  assert.deepEqual(codes, ["2", "2.9", "2.10", "10"]);
});

test("schedules that do not fit take nobody's place", async () => {
  const part = (from: number, next: string | null) => ({ items: Array.from({ length: 50 }, (_, i) => ({ id: from + i, code: `${from + i}`, terms: { title: "Rent" } })), next });
  const parts = [part(0, "a"), part(50, "b"), part(100, null)];
  const asked = answering(() => parts[asked.length - 1]);
  const found = await findSchedules("", new AbortController().signal, ({ id }) => id % 2 === 1 && id > 50);
  assert.deepEqual(found.map(({ id }) => id), Array.from({ length: 50 }, (_, i) => 51 + 2 * i));
  asked.length = 0;
  assert.equal((await findSchedules("", new AbortController().signal)).length, 50);
  assert.equal(asked.length, 1, "enough are on the first page");
});

test("a period survives being taken apart", () => {
  for (const unit of units) for (const count of [0, 1, 2, 1000]) assert.deepEqual(readPeriod(writePeriod({ count, unit })), { count, unit });
  assert.equal(writePeriod({ count: 1, unit: "months" }), "1 month");
  assert.deepEqual(readPeriod("4-7 years"), { count: 0, unit: "years" });
});

const terms: ScheduleTerms = {
  title: "Accounts", triggers: [{ kind: "folder-closed" }], combine: "all", cutoff: "calendar-year", fiscal_start: 1, period: "7 years", action: "destroy", kind: "minimum", authority: "",
};

test("terms are told in one sentence", () => {
  assert.equal(termsInWords(terms), "Kept for 7 years after the end of the calendar year of the closing of its folder, then destroyed.");
  assert.equal(termsInWords({ ...terms, cutoff: "none", period: "1 month", triggers: [{ kind: "event", name: "lease ended" }, { kind: "declared" }], combine: "earliest" }),
    "Kept for 1 month after the first of “lease ended”, its declaration, then destroyed.");
  assert.equal(termsInWords({ ...terms, action: "permanent", triggers: [] }), "Kept for ever.");
});

test("a change of terms says nothing of what stays of the metadata while that is the same", () => {
  const own: ScheduleTerms = { ...terms, tombstone_fields: ["title"] };
  assert.equal("tombstone_fields" in changedTerms(own, { ...own, title: "Books" }), false);
  assert.equal("tombstone_fields" in changedTerms(terms, { ...terms, tombstone_fields: null }), false);
  assert.deepEqual(changedTerms(own, { ...own, tombstone_fields: [] }).tombstone_fields, []);
  assert.equal(changedTerms(own, { ...own, tombstone_fields: null }).tombstone_fields, null);
});

test("numbers of documents are read out of whatever was pasted", () => {
  assert.deepEqual(numbersIn("12, #14 15\n12 and 0"), [12, 14, 15]);
});

test("days are counted over months, years and leap days", () => {
  assert.equal(plusDays("2060-02-27", 14), "2060-03-12");
  assert.equal(plusDays("2026-12-31", 1), "2027-01-01");
  assert.equal(plusDays("2026-03-28", 2), "2026-03-30"); // the clocks change
});
