import "./browser_globals";
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadMore, setLanguage } from "../src/i18n";
import { loadRefusals } from "../src/i18n/refusals";
import { sayProblem } from "../src/screens/viewer/page_problem";

const pages = [
  { source: "native", problem: null },
  { source: "none", problem: "could not read a page" },
  { source: "ocr", problem: "the page has more text than is kept of one; what is left out is at its end" },
  { source: "none", problem: "could not read a picture: it needs more memory than is allowed" },
] as const;

test("of a page is told whether its text is missing or cut, and why", async () => {
  await loadMore();
  assert.deepEqual(pages.map(sayProblem), [
    null,
    "The text of this page is missing: could not read a page",
    "Part of the text of this page is missing: the page has more text than is kept of one; what is left out is at its end",
    "The text of this page is missing: could not read a picture: it needs more memory than is allowed",
  ]);
});

test("in Swedish, too", async () => {
  await loadMore();
  await setLanguage("sv");
  await loadRefusals();
  assert.deepEqual(pages.map(sayProblem), [
    null,
    "Sidans text saknas: En sida kunde inte läsas",
    "En del av sidans text saknas: Sidan har mer text än vad som sparas av en; det som utelämnats är i slutet av den",
    "Sidans text saknas: En bild kunde inte läsas: det behöver mer minne än vad som är tillåtet",
  ]);
});
