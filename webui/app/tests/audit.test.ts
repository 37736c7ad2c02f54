// What the address of the audit log filters by, and what its codes are called.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import "./browser_globals";
import { auditFilter, auditQuery } from "../src/api/audit";
import { languages, loadMore, setLanguage, tLater } from "../src/i18n";
import { actionInWords, kindInWords, pageOf } from "../src/screens/audit_words";

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

test("every action and every kind of thing of docs/audit.md has words in every language", async () => {
  const { actions, kinds } = documented(await readFile("../../docs/audit.md", "utf8"));
  for (const kind of sighted(await readFile("../../storage/audit_sight.cpp", "utf8"))) kinds.add(kind);
  assert.ok(actions.size > 240 && kinds.size > 40, `${actions.size} actions and ${kinds.size} kinds were found there`);
  await loadMore();
  for (const code of Object.keys(languages)) {
    await setLanguage(code);
    assert.deepEqual([...actions].filter((action) => actionInWords(action) === action), [], `${code} has no words for these`);
    const { kinds: words } = tLater().auditWords;
    assert.deepEqual([...kinds].filter((kind) => !(kind in words)), [], `${code} has no words for these kinds`);
  }
});

test("a code without words is shown as it is", async () => {
  await loadMore();
  assert.equal(actionInWords("document.bewitched"), "document.bewitched");
  assert.equal(kindInWords("wand"), "wand");
  assert.equal(pageOf("document", 7), "/?doc=7");
  assert.equal(pageOf("document", 0), null);
  assert.equal(pageOf("wand", 7), null);
});

/** The codes of the table, those that it abbreviates written out. */
function documented(text: string): { actions: Set<string>; kinds: Set<string> } {
  const vocabularies = ["document_type", "correspondent", "tag"];
  const [actions, kinds] = [new Set<string>(), new Set<string>(vocabularies)];
  const [, table = ""] = /^\| action \| object .*\n.*\n((?:\|.*\n)+)/m.exec(text) ?? [];
  for (const row of table.trim().split("\n")) {
    const [, named = "", on = "", says = ""] = row.split("|");
    const endings = ["", ...[...says.matchAll(/`…(_\w+)`/g)].map(([, ending = ""]) => ending)];
    for (const [, family = "", verb = ""] of named.matchAll(/`(\w+)\.([^`]+)`/g)) {
      const verbs = verb === "*" ? ["created", "renamed", "deleted", "merged"] : endings.map((ending) => verb + ending);
      for (const one of verbs) actions.add(`${family}.${one}`);
      if (family === "tag") actions.add("tag.moved");
    }
    if (on.trim() !== "the entry") for (const [kind] of on.matchAll(/\b(?!or\b)\w+/g)) kinds.add(kind);
  }
  return { actions, kinds };
}

/** The kinds of things that the server tells apart by who may look at them. */
function sighted(source: string): string[] {
  return [...source.matchAll(/^ {4}\{"(\w+)"|\bobject == "(\w+)"/gm)].map(([, inTable, compared]) => inTable ?? compared ?? "");
}
