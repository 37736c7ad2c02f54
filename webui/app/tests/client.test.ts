import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { ApiError, explain, explainProblem } from "../src/api/client";
import { sv } from "../src/i18n/sv";
import { setLanguage } from "../src/i18n/index";

const refusal = (code: string, detail: string, status = 422) => new ApiError({ code, title: "Title", detail, status, errors: [] });

/** As core/error.h has them. */
const codes = [
  "invalid_argument", "unauthenticated", "forbidden", "not_found", "conflict", "precondition_required", "stale", "too_large", "unsupported_type", "too_many_requests",
  "storage_full", "unavailable", "password_needed", "bad_file", "corrupt", "timed_out", "cancelled", "io", "internal",
];

test("every code of the server has a sentence in Swedish, beside what the server said", async () => {
  await setLanguage("sv");
  try {
    for (const code of codes) {
      const known = sv.errors.codes[code];
      assert.ok(known, code);
      assert.equal(explain(refusal(code, "the field says more")), `${known} (the field says more)`);
      assert.equal(explain(refusal(code, "")), known);
    }
    assert.equal(explainProblem({ code: "bad_file", detail: "" }), "Filen går inte att läsa.");
    assert.equal(explain(refusal("unheard_of", "what")), `${sv.errors.title}. (what)`);
  } finally {
    await setLanguage("en");
  }
});

test("in English the server's own words are enough", () => {
  assert.equal(explain(refusal("conflict", "the folder is closed")), "the folder is closed");
  assert.equal(explain(refusal("conflict", "")), "As things stand this is not possible.");
  assert.equal(explain(new ApiError({ code: "invalid_argument", title: "", detail: "", status: 422, errors: [{ pointer: "/title", detail: "is required" }] })), "is required");
});
