import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser_globals";
import { ApiError, explain, explainProblem, send } from "../src/api/client";
import { sv } from "../src/i18n/sv";
import { setLanguage } from "../src/i18n/index";
import { loadRefusals, translated } from "../src/i18n/refusals";
import { refusals } from "../src/i18n/refusals_sv";
import { Sentences } from "../src/i18n/sentences";

const refusal = (code: string, detail: string, status = 422) => new ApiError({ code, title: "Title", detail, status, errors: [] });

/** As core/error.h has them. */
const codes = [
  "bad_request", "cursor_invalid", "invalid_argument", "unauthenticated", "forbidden", "not_found", "conflict", "precondition_required", "stale", "too_large", "unsupported_type", "too_many_requests",
  "storage_full", "quota_exceeded", "unavailable", "password_needed", "bad_file", "corrupt", "timed_out", "cancelled", "io", "internal",
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

test("what the server says of a field is said in the language of the page", async () => {
  const error = new ApiError({
    code: "invalid_argument", title: "", detail: "name must have 1 to 100 bytes", status: 422,
    errors: [{ pointer: "/name", detail: "must have 1 to 100 bytes" }, { pointer: "/uses/0", detail: "there is no document type 7" }],
  });
  assert.equal(error.field("name"), "must have 1 to 100 bytes");
  await setLanguage("sv");
  try {
    await loadRefusals();
    assert.equal(error.field("name"), "Måste ha 1 till 100 byte");
    assert.equal(error.field("uses/0"), "Det finns ingen dokumenttyp 7");
    assert.equal(explain(error), "Något i uppgifterna stämmer inte. (Måste ha 1 till 100 byte; Det finns ingen dokumenttyp 7)");
    assert.equal(explain(refusal("conflict", "there is already a class with the code A/1")), "Det finns redan en klass med koden A/1");
    assert.equal(explain(refusal("forbidden", "your role (reader) may not manage accounts; ask an administrator")),
      "Din roll (reader) får inte sköta konton; fråga en administratör");
    assert.equal(translated("something that nobody has translated"), null);
  } finally {
    await setLanguage("en");
  }
});

test("the sentence that says most is taken, and what is filled in is kept as it is", () => {
  const sentences = new Sentences({ "{} is there twice": "{} två gånger", "the code {} is there twice": "koden {} två gånger", "line {}: {}": "rad {}: {}", "a (b)?": "A" });
  assert.equal(sentences.of("the code A+(1) is there twice"), "koden A+(1) två gånger");
  assert.equal(sentences.of("line 3: the code {} is there twice"), "rad 3: koden {} två gånger");
  assert.equal(sentences.of("a (b)?"), "A");
  assert.equal(sentences.of("the code A is there twice."), null);
});

test("each sentence has as many places for what is filled in as the server's", () => {
  const places = (text: string) => text.split("{}").length;
  assert.deepEqual(Object.entries(refusals).filter(([key, said]) => places(key) !== places(said) || said === "").map(([key]) => key), []);
});

test("a small change is made even if the page is left meanwhile, one without a body too", async (context) => {
  const kept: boolean[] = [];
  context.mock.method(globalThis, "fetch", async (_: unknown, options: RequestInit) => {
    kept.push(options.keepalive ?? false);
    return new Response(null, { status: 204 });
  });
  await send("POST", "/api/v1/documents/1/restore");
  await send("PATCH", "/api/v1/documents/1", { body: { title: "Lease" } });
  await send("PATCH", "/api/v1/documents/1", { body: { title: "x".repeat(3000) } });
  await send("POST", "/api/v1/documents", { body: new FormData() });
  await send("GET", "/api/v1/documents/1");
  assert.deepEqual(kept, [true, true, false, false, false]);
});
