import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import "./browser_globals";

test("the keyboard map", async (context) => {
  const { keyMap, keyText } = await import("../src/keys");
  const { en } = await import("../src/i18n/en");

  await context.test("no key means two things on one screen", () => {
    for (const elsewhere of ["inbox", "document"]) {
      const keys = keyMap.filter((entry) => entry.group !== elsewhere).flatMap((entry) => entry.keys);
      assert.equal(new Set(keys).size, keys.length);
    }
  });

  await context.test("every action has a key and a name", () => {
    assert.deepEqual(new Set(keyMap.map((entry) => entry.action)), new Set(Object.keys(en.keys.actions)));
  });

  await context.test("the browser's own keys are left alone", () => {
    const taken = new Set(["Mod+c", "Mod+f", "Mod+p", "Mod+v", "Mod+x", "Mod+a", "Mod+z", "Mod+t", "Mod+w", "Mod+r", "Mod+l"]);
    assert.deepEqual(keyMap.flatMap((entry) => entry.keys).filter((key) => taken.has(key)), []);
  });

  await context.test("docs/keyboard.md says what the table does", async () => {
    const { keyboardDocument } = await import("./keys_document");
    const document = "../../docs/keyboard.md";
    if (process.env["MUNIMENT_WRITE_KEYS"]) await writeFile(document, keyboardDocument());
    assert.equal(await readFile(document, "utf8"), keyboardDocument(), "MUNIMENT_WRITE_KEYS=1 npm test writes it anew");
  });

  await context.test("keys are named alike on every system", () => {
    const press = (key: string, changes = {}) => keyText({ key, ctrlKey: false, metaKey: false, altKey: false, ...changes });
    assert.equal(press("k", { ctrlKey: true }), "Mod+k");
    assert.equal(press("K", { metaKey: true }), "Mod+k");
    assert.equal(press("?"), "?");
    assert.equal(press("j", { altKey: true }), "");
  });
});
