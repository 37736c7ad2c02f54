// Packages in the page: a copy of chosen documents, a damaged one refused, and one taken in with its receipt.
// For a signed-in administrator.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { axeFindings, choose, dialog, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";

const title = "Deed of the lighthouse";
const deed = { name: `${title}.pdf`, buffer: pdf([[title, "The lighthouse with all its lamps is given to the town."]]) };
let exported; // the bytes of the package

/** What is downloaded when the package is made. */
async function makePackage(page) {
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "Make the package" }).click();
  const saved = await download;
  assert.equal(saved.suggestedFilename(), "package.zip");
  await dialog(page).waitFor({ state: "detached" });
  return readFile(await saved.path());
}

async function takeIn(page, url, buffer) {
  await page.goto(`${url}/records/packages`);
  await page.getByRole("button", { name: "Take a package in" }).click();
  await page.getByLabel("Package (zip file)").setInputFiles({ name: "package.zip", mimeType: "application/zip", buffer });
  await dialog(page).getByRole("button", { name: "Take a package in" }).click();
}

export const steps = {
  async "chosen documents are exported as a package"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, [deed]);
    await see(uploadItem(page, deed.name).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.goto(`${url}/?q=lighthouse`);
    await page.getByLabel(`Select ${title}`).check();
    await page.getByRole("button", { name: "Export as a package" }).click();
    await page.getByLabel("Title of the package").fill("The lighthouse");
    assert.deepEqual(await axeFindings(page), []);
    exported = await makePackage(page);
    assert.ok(exported.includes("METS.xml"));
  },

  async "a folder is exported from its menu"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    await page.getByRole("button", { name: "New class" }).first().click();
    await page.getByLabel("Code").fill("88");
    await page.getByLabel("Title").fill("Lighthouses");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "New folder" }).click();
    await page.getByLabel("Title").fill("Deeds of the coast");
    await page.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("link", { name: "Deeds of the coast" }));
    await page.goto(`${url}/?q=lighthouse`);
    await page.getByLabel(`Select ${title}`).check();
    await page.getByRole("button", { name: "File in class" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Class" }), "88 Lighthouses");
    await choose(dialog(page).getByRole("combobox", { name: "Folder" }), "Deeds of the coast");
    await dialog(page).getByRole("button", { name: "File", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    await page.goto(`${url}/records/plan`);
    await page.getByRole("link", { name: /88 Lighthouses/ }).click();
    await page.getByRole("button", { name: "More: Deeds of the coast" }).click();
    await page.getByRole("menuitem", { name: "Export as a package" }).click();
    assert.ok((await makePackage(page)).includes("METS.xml"));
  },

  async "a damaged package is refused and nothing of it comes in"({ page, url }) {
    const damaged = Buffer.from(exported);
    damaged[damaged.indexOf("%PDF") + 20] ^= 1;
    await takeIn(page, url, damaged);
    await see(dialog(page).locator(".banner"));
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await see(page.getByRole("heading", { name: "No package has been taken in" }));
  },

  async "a sound package is taken in, with its receipt"({ page, url }) {
    await takeIn(page, url, exported);
    await see(page.getByText("Every file was as stated. 1 document."));
    await see(page.getByRole("cell", { name: "Was here already" }));
    assert.deepEqual(await axeFindings(page), []);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Fetch the receipt" }).click();
    const receipt = JSON.parse(await readFile(await (await download).path(), "utf8"));
    assert.equal(receipt.format, "muniment-transfer-receipt-1");
    await page.goto(`${url}/records/packages`);
    await page.getByRole("link", { name: receipt.package.id }).click();
    await see(page.getByText("Every file was as stated. 1 document."));
  },
};
