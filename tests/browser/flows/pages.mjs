// Pages put together anew: split, turned, and taken back. For a signed-in administrator.
import assert from "node:assert/strict";
import { axeFindings, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";

const bundle = {
  name: "Bundle of the orchard.pdf",
  buffer: pdf([["Orchard apples", "The orchard gives apples in the autumn."], ["Orchard pears", "The orchard gives pears as well."], ["Orchard plums", "And plums."]]),
};

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
};
