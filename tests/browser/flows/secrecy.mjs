// Levels of access lists. In an archive that is empty but for its first account.
import assert from "node:assert/strict";
import { axeFindings, dialog, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";
import { credentials } from "./archive.mjs";

const complaint = { name: "complaint.pdf", buffer: pdf([["Complaint of Eva Ek", "The stairs are not cleared of snow.", "With thanks in advance."]]) };

async function chooseLevel(page, list, level) {
  await page.getByRole("button", { name: `Edit ${list}` }).click();
  await dialog(page).getByLabel("Level", { exact: true }).selectOption(level);
  await dialog(page).getByRole("button", { name: "Save" }).click();
}

export const steps = {
  async "a level is made, and one that is in use stays"({ page, url, service }) {
    service.command("user", "clearance", credentials.name, "Confidential");
    service.command("api", "create_access_list", "name=The stairs", 'entries=[{"subject":"everyone","id":null,"may_change":true}]');
    await page.goto(`${url}/admin/access`);
    await page.getByText("Classification levels").click();
    await page.getByRole("button", { name: "New level" }).click();
    await dialog(page).getByLabel("Number").fill("15");
    await dialog(page).getByLabel("Name").fill("Restricted");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText("15 Restricted"));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Delete Confidential" }).click();
    await see(page.locator(".toasts").getByText(/^this level is in use/));
    await page.getByRole("button", { name: "Delete Restricted" }).click();
    await page.getByText("15 Restricted").waitFor({ state: "detached" });
  },

  async "a list gets a level that one is cleared for, and no higher one"({ page }) {
    await chooseLevel(page, "The stairs", "Secret");
    await see(dialog(page).getByText(/above your clearance/));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await chooseLevel(page, "The stairs", "Confidential");
    await see(page.locator(".card", { hasText: "The stairs" }).getByText("Confidential"));
  },

  async "the document tells its level, and why who sees it"({ page, url, service }) {
    await page.goto(url);
    await uploadFiles(page, [complaint]);
    await see(uploadItem(page, complaint.name).getByText(/^Searchable|Filed|Done/));
    service.command("api", "set_document_access_list", "id=1", "access_list=2");
    await page.goto(`${url}/?doc=1`);
    await see(page.getByText("Level: Confidential"));
    await page.getByText("Who can see this, and why").click();
    await see(page.getByText(/^The list has the level Confidential/));
    assert.deepEqual(await axeFindings(page), []);
  },
};
