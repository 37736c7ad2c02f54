import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../src/i18n/en";
import { languages, preferredLanguage } from "../src/i18n/index";
import { more as moreEnglish } from "../src/i18n/more_en";
import { sv } from "../src/i18n/sv";

const all = { ...en, ...moreEnglish };

// The same word as in English, or a name.
const alike: Record<string, ReadonlySet<string>> = { sv: new Set([
  "nav.admin", "admin.title", "panel.type", "panel.tabs.text", "viewer.text", "help.title", "admin.status", "facets.title", "activity.states.done", "panel.hash",
  "panel.version", "admin.version", "search.didYouMeanEnd", "panel.sources.api", "activity.document",
  "filing.foundKinds.bankgiro", "filing.foundKinds.plusgiro", "filing.foundKinds.iban", "sight.list", "scan.papers.letter", "scan.papers.legal", "mail.host", "mail.port", "mail.securities.tls", "mail.securities.starttls",
]) };

function texts(table: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(table)) {
    const at = path ? `${path}.${name}` : name;
    if (typeof value === "string" || typeof value === "function") found.set(at, String(value));
    else if (typeof value === "object" && value !== null) for (const entry of texts(value as object, at)) found.set(...entry);
  }
  return found;
}

test("every language says everything that English says, in words of its own", async () => {
  const english = texts(all);
  for (const [code, { load, loadMore, loadRefusals }] of Object.entries(languages)) {
    if (code === "en") continue;
    const said = texts({ ...(await load()), ...(await loadMore()) });
    assert.deepEqual([...english.keys()].filter((path) => !said.has(path)), [], `${code} does not say these`);
    assert.deepEqual([...said.keys()].filter((path) => !english.has(path)), [], `${code} says these, and English does not`);
    const same = [...english].filter(([path, text]) => said.get(path) === text && text.length > 2 && !alike[code]?.has(path) && !path.startsWith("help.query"));
    assert.deepEqual(same.map(([path]) => path), [], `${code} says these in English`);
    const refusals = Object.entries((await loadRefusals?.()) ?? {});
    assert.ok(refusals.length > 0, `${code} has no words for refusals`);
    assert.deepEqual(refusals.filter(([server, own]) => server === own && /[a-z]{3}/.test(own)).map(([server]) => server), [], `${code} says these refusals in English`);
  }
});

test("plurals follow the number in both languages", () => {
  assert.equal(en.common.pages(1), "1 page");
  assert.equal(en.common.pages(0), "0 pages");
  assert.equal(sv.common.pages(1), "1 sida");
  assert.equal(sv.common.pages(2), "2 sidor");
});

test("the browser's language is followed as far as it is spoken", () => {
  assert.equal(preferredLanguage(["tlh", "sv-FI", "en"]), "sv");
  assert.equal(preferredLanguage(["tlh"]), "en");
  assert.equal(preferredLanguage([]), "en");
});

test("no message is unused", () => {
  const sources = readFileSync("build/tests/all_sources.txt", "utf8");
  const unused = [...texts(all).keys()].filter((path) => {
    const last = path.split(".").at(-1) ?? "";
    const parent = path.split(".").at(-2) ?? "";
    const looked = /^(codes|states|kinds|sources|sandboxHelp|roles|roleHints|permissions|names|groups|actions|families|labelSheets|readyMade|sorts|tabs|query|triggers|cutoffs|unitNames|units|standings|outcomes|origins|ruleOrigins|figures|ends|dispositions|then|several|grounds|decisions|sheets|symbols|findingKinds|foundKinds|better|why|parts|serialProblems|headers|reversedNames|modes|papers|problems|securities|afterwardsNames|takesNames|helps|begin|occasions|dates|leftOut|notUnderstood|protocols|addressHints|tokenScopes|stages)$/.test(parent) || /^\d+$/.test(last);
    return !looked && !new RegExp(`\\.${last}\\b`).test(sources);
  });
  assert.deepEqual(unused, []);
});
