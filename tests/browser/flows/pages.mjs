// Pages put together anew: split, turned, joined, and taken back; sheets to print. For a signed-in administrator.
import assert from "node:assert/strict";
import { axeFindings, choose, drag, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";

const bundle = {
  name: "Bundle of the orchard.pdf",
  buffer: pdf([["Orchard apples", "The orchard gives apples in the autumn."], ["Orchard pears", "The orchard gives pears as well."], ["Orchard plums", "And plums."]]),
};

const leaves = ["Medlar tree", "Damson tree", "Quince tree"].map((title) => ({ name: `${title}.pdf`, title, buffer: pdf([[title, `The ${title.toLowerCase()} was planted this year.`]]) }));

export const steps = {
  async "a document is split in the page organiser"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, [bundle]);
    await see(uploadItem(page, bundle.name).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.goto(`${url}/?q=orchard`);
    await page.getByRole("link", { name: /orchard/i }).first().click();
    await page.locator(".viewer-head").getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Organise pages" }).click();
    await see(page.getByText(/^Page 3 of/));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: /^Page 1 of .*: later$/ }).click();
    await page.getByRole("button", { name: "One step back" }).click();
    await page.getByRole("button", { name: /^Page 2 of .*: turn$/ }).click();
    await page.getByRole("button", { name: /^Page 2 of .*: a new document starts here$/ }).click();
    await page.getByRole("button", { name: /^Page 3 of .*: leave out$/ }).click();
    await page.getByRole("button", { name: "Make 2 documents" }).click();
    await page.waitForURL(/\/\?doc=/);
    await see(page.locator(".viewer-head"));
  },

  async "and that is undone"({ page, url }) {
    const made = new URL(page.url()).searchParams.get("doc");
    await page.goto(`${url}/?doc=${made}&tab=file`);
    await page.getByRole("button", { name: "Undo: bring back what was there before" }).click();
    await page.waitForURL((address) => address.searchParams.get("doc") !== made);
    await page.getByRole("tab", { name: "File" }).click();
    await see(page.getByText(bundle.name));
    await see(page.locator("dl.facts").first().getByText("3", { exact: true }));
  },

  async "pages are put in order by pointer and keys, and the toast takes back what was made of them"({ page }) {
    const bundled = new URL(page.url()).searchParams.get("doc");
    await page.locator(".viewer-head").getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Organise pages" }).click();
    const tiles = page.locator(".organiser li");
    const order = (...pages) => page.waitForFunction((wanted) => [...document.querySelectorAll(".organiser li")].map((tile) => tile.dataset.page).join() === wanted,
      pages.map((number) => `${bundled}-${number}`).join());
    await order(1, 2, 3);
    await drag(tiles.nth(2), tiles.nth(0), { x: 8, y: 40 });
    await order(3, 1, 2);
    await tiles.nth(0).getByRole("button", { name: /: turn$/ }).focus();
    await page.keyboard.press("Alt+ArrowRight");
    await order(1, 3, 2);
    await see(page.locator(".organiser li:nth-child(2) button:focus"));
    await page.getByRole("status").filter({ hasText: "Page 2 of 3 now" }).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Make one document" }).click();
    await page.waitForURL(/\/\?doc=/);
    await see(page.getByText("The document is made."));
    await page.locator(".viewer-head h1").waitFor();
    await page.locator(".toast", { hasText: "The document is made." }).getByRole("button", { name: "Undo" }).click();
    await see(page.getByText("The documents are as before."));
    await page.waitForURL((address) => address.searchParams.get("doc") === bundled);
  },

  async "documents of the list are put together, and another is added by its title"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, leaves);
    for (const { name } of leaves) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.goto(`${url}/?q=${encodeURIComponent("medlar OR damson")}`);
    for (const { title } of leaves.slice(0, 2)) await page.getByLabel(`Select ${title}`).check();
    await page.getByRole("link", { name: "Put together" }).click();
    await see(page.getByText(`Page 1 of ${leaves[0].title}`, { exact: true }));
    await see(page.getByText(`Page 1 of ${leaves[1].title}`, { exact: true }));
    await see(page.getByRole("button", { name: "Make one document" }));
    await choose(page.getByRole("combobox", { name: "Another document with pages to add" }), leaves[2].title);
    await see(page.getByText(`Page 1 of ${leaves[2].title}`, { exact: true }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Make 2 documents" }).click();
    await page.waitForURL(/\/\?doc=/);
    await see(page.locator(".viewer-head"));
  },

  async "separator sheets and labels are printed as one wants them"({ page, url }) {
    await page.goto(`${url}/scan`);
    await page.getByRole("button", { name: "Print sheets…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("How many").fill("2");
    await dialog.getByLabel("Barcode").fill("NEXT");
    const pdf = dialog.getByRole("button", { name: "Get the PDF" });
    const printed = async () => {
      const download = page.waitForEvent("download");
      const answer = page.waitForResponse((response) => response.url().includes(".pdf?"));
      await pdf.click();
      return [(await download).suggestedFilename(), (await answer).url().slice(url.length)];
    };
    await pdf.click();
    await see(dialog.getByText("must be one of the configured separators: PATCHT"));
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByLabel("Barcode").fill("PATCHT");
    assert.deepEqual(await printed(), ["separator-sheets.pdf", "/api/v1/separator-sheets.pdf?count=2&code=PATCHT&language=en"]);
    await dialog.getByLabel("What").selectOption("labels");
    await dialog.getByLabel("First number").fill("70");
    await dialog.getByLabel("Paper").selectOption("a4-2x7");
    assert.deepEqual(await printed(), ["serial-labels.pdf", "/api/v1/serial-labels.pdf?count=2&first=70&sheet=a4-2x7&symbol=qr&language=en"]);
  },
};
