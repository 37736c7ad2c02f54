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
    const seen = new Map(); // the document at each place of the list
    const note = async () => {
      for (const [place, id] of await rows.evaluateAll((all) => all.map((row) => [row.ariaPosInSet, row.dataset.document]))) seen.set(place, id);
    };
    await scrollToTheEnd(page, count, note);
    assert.equal(new Set(seen.values()).size, count, "every document is there once");
    assert.equal(seen.size, count, "and each has a place");
    assert.ok(await rows.count() < 200, `${await rows.count()} rows are drawn`);
    assert.equal(await rows.first().getAttribute("aria-setsize"), String(count));
    const far = await page.locator(".far-rows [hidden]").first().evaluate((titles) => [titles.hidden, titles.textContent]);
    assert.equal(far[0], "until-found", "the browser's own search finds what is not drawn");
    assert.match(far[1], /Note \d+ on pelargoniums/);

    const place = await page.locator(".results-scroll").evaluate((list) => list.scrollTop);
    assert.ok(place > count * 20, `scrolled to ${place}`);
    await uploadFiles(page, [{ name: "late.txt", buffer: Buffer.from("A late note on pelargoniums.\n") }]);
    await see(uploadItem(page, "late.txt").and(page.locator("[data-state=filed]")));
    await page.waitForFunction((wanted) => Number(document.querySelector(".row")?.ariaSetSize) > wanted, count);
    const after = await page.locator(".results-scroll").evaluate((list) => list.scrollTop);
    assert.ok(after > place / 2, `the list jumped from ${place} to ${after}`);
  },

  async "keys lead on through a long list, also from a row that is far from the window"({ page }) {
    const current = page.locator(".row.current");
    const list = page.locator(".results-scroll");
    await list.evaluate((element) => { element.scrollTop = 0; });
    await see(page.locator(".row[aria-posinset='1']"));
    await page.locator(".row[aria-posinset='1'] a.title").click();
    await see(page.locator(".row.current[aria-posinset='1']"));
    for (let place = 2; place <= 30; place += 1) {
      await page.keyboard.press("j");
      await see(page.locator(`.row.current[aria-posinset='${place}']`));
    }
    assert.ok(await list.evaluate((element) => element.scrollTop) > 0, "the list goes along");
    await page.keyboard.press("x");
    await see(page.locator(".row.current.picked"));
    await list.evaluate((element) => { element.scrollTop = element.scrollHeight / 2; });
    await page.waitForFunction(() => [...document.querySelectorAll(".row")].some((row) => Number(row.ariaPosInSet) > 200));
    assert.equal(await current.count(), 1, "the open row stays");
    await page.keyboard.press("j");
    await see(page.locator(".row.current[aria-posinset='31']"));
    assert.equal(await page.locator(".row[aria-posinset='30'] input").isChecked(), true, "what is picked stays picked");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.closest(".row")?.ariaPosInSet === "31");
    await page.getByRole("button", { name: "Clear the selection" }).click();
  },

  async "the way back leads to the same place of a long list"({ page }) {
    const list = page.locator(".results-scroll");
    await list.evaluate((element) => { element.scrollTop = element.scrollHeight / 2; });
    await page.waitForFunction(() => {
      const { top } = document.querySelector(".results-scroll").getBoundingClientRect();
      return document.elementFromPoint(700, top + 200)?.closest(".row");
    });
    const seen = () => page.evaluate(() => {
      const { top } = document.querySelector(".results-scroll").getBoundingClientRect();
      return document.elementFromPoint(700, top + 200)?.closest(".row")?.dataset.document;
    });
    const before = await seen();
    await page.getByRole("link", { name: "Activity" }).first().click();
    await page.waitForURL(/activity/);
    await page.goBack();
    await see(page.locator(".row"));
    await page.waitForFunction((wanted) => {
      const { top } = document.querySelector(".results-scroll").getBoundingClientRect();
      return document.elementFromPoint(700, top + 200)?.closest(".row")?.dataset.document === wanted;
    }, before);
  },
};

/** As far as there are rows; `each` is called at every place on the way. */
async function scrollToTheEnd(page, count, each) {
  for (let screens = 0; screens < count; screens += 1) {
    await page.waitForFunction(() => {
      const { left, top, width, height } = document.querySelector(".results-scroll").getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)?.closest(".row");
    });
    await each();
    const last = await page.evaluate(() => {
      const list = document.querySelector(".results-scroll");
      list.scrollTop += list.clientHeight;
      return new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => {
          const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
          resolve(atEnd ? Number([...document.querySelectorAll(".row")].at(-1)?.ariaPosInSet) : 0);
        }));
      });
    });
    if (last >= count) return each();
  }
  throw new Error(`the end of the list is not reached in ${count} screens`);
}
