// A paper file: its place, its label, lent and returned, counted. The steps build on each other, and on a signed-in administrator, "anna".
import assert from "node:assert/strict";
import { axeFindings, choose, dialog, see, seeAt } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";

const title = "Personnel file of the night watchman";

async function makePlace(page, name, kind) {
  await page.getByRole("button", { name: kind ? "New place in it" : "New site" }).click();
  await see(dialog(page));
  if (kind && await page.getByLabel("Kind").count()) await page.getByLabel("Kind").selectOption({ label: kind });
  await dialog(page).getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await see(page.getByRole("heading", { name: new RegExp(`${name}$`) }));
}

export const steps = {
  async "places are made, one in the other"({ page, url }) {
    await page.goto(`${url}/records/paper`);
    await see(page.getByText("No places yet"));
    await makePlace(page, "Town hall");
    await makePlace(page, "Cellar", "Room");
    await makePlace(page, "Box 1", "Box");
    await see(page.getByRole("heading", { name: "Town hall / Cellar / Box 1" }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a paper file is registered, and found by what is known of it"({ page, url }) {
    await page.getByRole("button", { name: "Register a paper file" }).last().click();
    await dialog(page).getByLabel("Title").fill(title);
    await dialog(page).getByRole("button", { name: "Register a paper file" }).click();
    await see(page.getByRole("tabpanel").getByText("M00000004"));
    await see(page.getByText("This document is on paper and has no file."));
    assert.deepEqual(await axeFindings(page), []);
    await seeAt(page, `${url}/?q=M00000004`, page.locator(".row"));
    await see(page.locator(".row", { hasText: title }).getByText("On paper"));
  },

  async "its label is printed as a PDF"({ page, url }) {
    await page.goto(`${url}/records/paper`);
    await page.getByRole("button", { name: "Print 4 labels" }).click();
    const answer = page.waitForResponse((response) => response.url().endsWith("/api/v1/labels") && response.request().method() === "POST");
    await dialog(page).getByRole("button", { name: "Print", exact: true }).click();
    assert.equal((await answer).headers()["content-type"], "application/pdf");
    await page.goto(`${url}/records/paper`);
    await see(page.getByRole("link", { name: /Town hall/ }));
    assert.equal(await page.getByRole("button", { name: /Print \d+ labels?/ }).count(), 0);
  },

  async "it is borrowed"({ page, url }) {
    await page.getByRole("link", { name: /Box 1/ }).click();
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("button", { name: "Lend" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Lend" }).click();
    await see(page.getByText(/Lent to .* until/));
    await page.goto(`${url}/notifications`);
    await see(page.getByText(`You have “${title}” until`));
    await page.goto(`${url}/records/paper/loans`);
    await see(page.getByRole("row", { name: new RegExp(title) }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "it is returned to its place"({ page }) {
    await page.getByRole("row", { name: new RegExp(title) }).getByRole("button", { name: "Returned" }).click();
    await see(page.getByText("Nothing is out"));
  },

  async "its scan becomes its file, and the paper stays where it is"({ page, url }) {
    await page.goto(`${url}/?q=M00000004&tab=file`);
    await page.locator(".row a.title", { hasText: title }).click();
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("button", { name: "Add a scan of the paper" }).click();
    await dialog(page).getByLabel("File").setInputFiles({ name: "watchman.pdf", mimeType: "application/pdf", buffer: pdf([["The night watchman keeps the keys."]]) });
    await dialog(page).getByLabel("What is different").fill("Scanned on request");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await see(page.getByText("Scanned on request"));
    await see(page.getByRole("link", { name: "Download version 2" }));
    await see(page.getByRole("button", { name: "Add a new version" }));
    await page.getByRole("tab", { name: "Paper" }).click();
    await see(page.getByRole("tabpanel").getByText("M00000004"));
  },

  async "an inventory by scanner finds what is there and what nobody knows"({ page, url }) {
    await page.goto(`${url}/records/paper/inventory`);
    await page.getByRole("button", { name: "New inventory" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Place" }), "Town hall / Cellar / Box 1");
    await dialog(page).getByRole("button", { name: "New inventory" }).click();
    await see(page.getByRole("cell", { name: "Missing" }));
    for (const code of ["M00000004", "4006381333931"]) {
      await page.getByLabel("Scan here").fill(code);
      await page.keyboard.press("Enter");
    }
    await see(page.getByRole("cell", { name: "Unknown code" }));
    assert.equal(await page.getByRole("cell", { name: "Missing" }).count(), 0);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Finish" }).click();
    await dialog(page).getByRole("button", { name: "Finish" }).click();
    await see(page.getByText("2 codes scanned · Finished"));
  },

  async "a code leads to what wears it, also when it wears another now"({ page, url }) {
    const open = async () => {
      await page.goto(`${url}/records/paper`);
      const search = page.getByRole("search", { name: "Code on a label" });
      await search.getByRole("textbox").fill("M00000004");
      await search.getByRole("button", { name: "Open" }).click();
      await page.waitForURL(/tab=paper/);
    };
    await open();
    await page.getByRole("button", { name: "Another barcode" }).click();
    await dialog(page).getByLabel("Barcode").fill("WATCH-1");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("tabpanel").getByText("WATCH-1"));
    await open();
    await see(page.getByRole("tabpanel").getByText("WATCH-1"));
    await page.goto(`${url}/records/paper`);
    await page.getByRole("link", { name: /Box 1/ }).click();
    await see(page.getByRole("heading", { name: "History" }));
    assert.deepEqual(await axeFindings(page), []);
  },
};
