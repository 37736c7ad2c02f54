// Names, fields of the organisation's own, saved lists, related documents. The steps build on each other, and on a signed-in
// administrator with the documents of the flow "archive".
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axeFindings, choose, dialog, see, seeAt } from "../support/browser.mjs";

async function openFirst(page, url) {
  await page.goto(`${url}/`);
  await page.locator(".row a.title").first().click();
  await see(page.getByRole("tab", { name: "Info" }));
}

export const steps = {
  async "a field of the organisation's own is made"({ page, url }) {
    await page.goto(`${url}/admin/fields`);
    await see(page.getByText("No fields of your own yet"));
    await page.getByRole("button", { name: "New field" }).click();
    await dialog(page).getByLabel("Name").fill("Cost centre");
    assert.equal(await dialog(page).getByLabel("Key").inputValue(), "cost-centre");
    await dialog(page).getByLabel("What it holds").selectOption({ label: "One of a list" });
    await dialog(page).getByLabel("List").fill("Harbour\nWorkshop");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText("field.cost-centre:"));
  },

  async "a document has it, and is found by it"({ page, url }) {
    await openFirst(page, url);
    const saved = page.waitForResponse((response) => response.request().method() === "PATCH" && response.ok());
    await page.getByLabel("Cost centre").selectOption({ label: "Workshop" });
    await saved;
    assert.deepEqual(await axeFindings(page), []);
    await seeAt(page, `${url}/?q=field.cost-centre%3Aworkshop`, page.locator(".row"));
    assert.equal(await page.locator(".row").count(), 1);
  },

  async "the list is narrowed by a field of the organisation's own"({ page, url }) {
    await page.goto(url);
    const ours = page.getByRole("region", { name: "Fields of our own" });
    await ours.getByLabel("Field", { exact: true }).selectOption({ label: "Cost centre" });
    await ours.getByLabel("Cost centre").selectOption({ label: "Workshop" });
    assert.deepEqual(await axeFindings(page), []);
    await ours.getByRole("button", { name: "Narrow the list" }).click();
    await page.waitForURL((now) => now.searchParams.get("q") === "field.cost-centre:Workshop");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
  },

  async "a list is kept under a name, taken away as a file, and deleted with undo"({ page, url }) {
    await page.getByRole("button", { name: "Keep this list" }).click();
    await dialog(page).getByLabel("Name").fill("The workshop");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    const link = page.getByRole("link", { name: "The workshop" });
    await see(link);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "As CSV" }).click();
    assert.equal((await download).suggestedFilename(), "documents.csv");
    await page.goto(`${url}/`);
    await link.click();
    await page.waitForURL(/cost-centre/);
    await page.getByRole("button", { name: "Delete the list The workshop" }).click();
    await link.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await see(link);
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a kept list is renamed, shared, and kept as it was changed"({ page, url }) {
    await page.goto(`${url}/`);
    await page.getByRole("link", { name: "The workshop" }).click();
    await page.waitForURL(/cost-centre/);
    await page.getByRole("button", { name: "Change the list The workshop" }).click();
    await dialog(page).getByLabel("Name").fill("The yard");
    await dialog(page).getByRole("checkbox", { name: /^Show it to everybody/ }).check();
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    const link = page.getByRole("link", { name: "The yard" });
    await see(link.and(page.locator("[title^='Shared by']")));
    await page.getByLabel("Sort").selectOption("title");
    await page.getByRole("button", { name: "Keep The yard as it is now" }).click();
    await see(link.and(page.locator("[aria-current=page]")));
    await page.goto(`${url}/`);
    await link.click();
    await page.waitForURL(/sort=title/);
    await page.getByRole("button", { name: "Change the list The yard" }).click();
    await dialog(page).getByLabel("Name").fill("The workshop");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("link", { name: "The workshop" }));
  },

  async "a filter that is not among the most frequent is found by its name"({ page, url, service }) {
    const folder = await mkdtemp(join(tmpdir(), "muniment-facets-"));
    for (let number = 0; number < 22; number += 1) await writeFile(join(folder, `firm${number}.txt`), `Rowan berries, basket ${number}.\n`);
    service.command("ingest", "--wait", folder);
    await rm(folder, { recursive: true });
    const { items } = JSON.parse(service.command("api", "documents", "q=rowan", "limit=50"));
    for (const [at, document] of items.entries()) {
      const { id } = JSON.parse(service.command("api", "create_correspondent", `name=Firm ${at + 1}`));
      service.command("api", "change_document", `id=${document.id}`, `correspondent=${id}`);
    }
    await page.goto(`${url}/?q=rowan`);
    await choose(page.getByRole("combobox", { name: "Find in Correspondent" }), "Firm 22");
    await see(page.locator(".chips").getByText("Firm 22"));
    await page.locator(".row[aria-setsize='1']").waitFor();
    await page.reload();
    await see(page.locator(".chips").getByText("Firm 22"));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "two names become one"({ page, url, service }) {
    service.command("api", "create_document_type", "name=Bill");
    await page.goto(`${url}/admin/names`);
    await page.getByRole("button", { name: "New type" }).click();
    await dialog(page).getByLabel("Name").fill("Invoices received");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("row", { name: /Invoices received/ }));
    await page.getByLabel("Find").fill("bill");
    await page.getByRole("button", { name: "Merge Bill" }).click();
    await dialog(page).getByRole("combobox").fill("Invoices rec");
    await page.getByRole("option", { name: "Invoices received" }).click();
    await dialog(page).getByRole("button", { name: "Merge" }).click();
    await see(page.getByText("Nothing by that name"));
    await page.getByLabel("Find").fill("invoices rec");
    await see(page.getByRole("row", { name: /Invoices received/ }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "documents say what they have to do with each other"({ page, url }) {
    await openFirst(page, url);
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("button", { name: "Relate it to another" }).click();
    await dialog(page).getByRole("combobox", { name: "Document", exact: true }).click();
    await page.locator("[role=option]:not([aria-disabled])").last().click();
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    const related = page.getByRole("region", { name: "Related documents" });
    await see(related.getByText("Answers"));
    await related.getByRole("listitem").getByRole("link").click();
    await page.getByRole("tab", { name: "File" }).click();
    await see(page.getByRole("region", { name: "Related documents" }).getByText("Is answered by"));
  },

  async "what is related is found by how, and by what it has to do with"({ page, url }) {
    const related = page.getByRole("region", { name: "Related documents" });
    const answer = await related.getByRole("listitem").getByRole("link").textContent();
    await related.getByRole("link", { name: "Show as a list" }).click();
    await page.waitForURL(/q=related/);
    await see(page.locator(".row a.title", { hasText: answer }));
    await seeAt(page, `${url}/?q=is%3Aanswer`, page.locator(".row a.title", { hasText: answer }));
    assert.equal(await page.locator(".row").count(), 1);
  },
};
