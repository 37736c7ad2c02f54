// A list that is much longer than the window.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { see, uploadFiles, uploadItem } from "../support/browser.mjs";

const count = 620;

export const steps = {
  async "a list of hundreds of rows is scrolled to its end, and stays there when news arrive"({ page, service }) {
    const folder = await mkdtemp(join(tmpdir(), "muniment-list-"));
    for (let number = 1; number <= count; number += 1) await writeFile(join(folder, `note${number}.txt`), `Note ${number} on pelargoniums.\n`);
    service.command("ingest", "--wait", folder);
    await rm(folder, { recursive: true });

    await page.goto(`${service.url}/?q=pelargoniums`);
    const rows = page.locator(".row");
    await see(rows);
    await page.waitForFunction((wanted) => {
      const list = document.querySelector(".results-scroll");
      list.scrollTop = list.scrollHeight;
      return document.querySelectorAll(".row").length >= wanted;
    }, count);
    const ids = await rows.evaluateAll((all) => all.map((row) => row.dataset.document));
    assert.equal(new Set(ids).size, count, "every document is there once");

    const place = await page.locator(".results-scroll").evaluate((list) => list.scrollTop);
    assert.ok(place > count * 20, `scrolled to ${place}`);
    await uploadFiles(page, [{ name: "late.txt", buffer: Buffer.from("A late note on pelargoniums.\n") }]);
    await see(uploadItem(page, "late.txt").and(page.locator("[data-state=filed]")));
    await page.waitForFunction((wanted) => document.querySelectorAll(".row").length > wanted, count);
    const after = await page.locator(".results-scroll").evaluate((list) => list.scrollTop);
    assert.ok(after > place / 2, `the list jumped from ${place} to ${after}`);
  },
};
