// What waits for a person in numbers: the trash, the quarantine, and what the service does. In an archive that is empty but
// for its first account.
import assert from "node:assert/strict";
import { axeFindings, see, speakAs, until, uploadFiles, uploadItem } from "../support/browser.mjs";
import { credentials } from "./archive.mjs";

const spoilt = ["first", "second"].map((name) => ({ name: `${name}.pdf`, buffer: Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\n${name}, and nothing that would make sense\n`) }));

export const steps = {
  async "many documents are in the trash, which tells until when, and several come back at once"({ page, url, service }) {
    const token = service.command("token", "create", credentials.name);
    const ask = (method, path, body, headers = {}) => fetch(`${service.url}/api/v1${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (let number = 1; number <= 102; number += 1) {
      const { document } = await (await ask("POST", "/paper-files", { title: `Note ${number}` })).json();
      const etag = (await ask("GET", `/documents/${document.id}`)).headers.get("ETag");
      assert.equal((await ask("DELETE", `/documents/${document.id}`, null, { "If-Match": etag })).status, 204);
    }
    await page.goto(`${url}/trash`);
    await see(page.getByText(/gone for good after \d+ \w+ \d{4}/));
    assert.equal(await page.locator(".card").count(), 100);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Show more" }).click();
    await see(page.locator(".card").nth(101));
    for (const title of ["Note 1", "Note 2"]) await page.getByRole("checkbox", { name: `Select ${title}`, exact: true }).check();
    await page.getByRole("button", { name: "Restore 2", exact: true }).click();
    await see(page.getByText("2 documents are back in the archive"));
    await page.getByRole("button", { name: "Show more" }).waitFor({ state: "detached" });
    await page.locator(".card").nth(100).waitFor({ state: "detached" });
    assert.equal(await page.locator(".card").count(), 100);
  },

  async "all that could not be read is tried again with one button"({ page, url, service }) {
    await page.goto(`${url}/quarantine`);
    await uploadFiles(page, spoilt);
    for (const { name } of spoilt) await see(uploadItem(page, name).and(page.locator("[data-state=failed]")));
    await see(page.locator(".card").nth(1)); // the list hears of them by itself
    assert.deepEqual(await axeFindings(page), []);
    const came = () => JSON.parse(service.command("api", "quarantine")).items.map(({ since }) => since);
    const before = came();
    await page.getByRole("button", { name: "Try all again" }).click();
    await see(page.getByText("2 will be read again"));
    await until(() => came().filter((since) => !before.includes(since)).length === 2); // in vain
    await see(page.locator(".card").nth(1));
  },

  async "what the service does is narrowed to one state"({ page, url }) {
    await page.goto(`${url}/activity`);
    await see(page.locator("[data-job] .badge", { hasText: "Failed" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("State").selectOption({ label: "Cancelled" });
    await see(page.getByText("There is none"));
    await page.getByLabel("State").selectOption({ label: "Failed" });
    await see(page.locator("[data-job]"));
    assert.equal(await page.locator("[data-job] .badge", { hasNotText: "Failed" }).count(), 0);
  },

  async "what is refused or could not be read is told in Swedish, too"({ page, url }) {
    await speakAs(page, url, "sv");
    await page.goto(`${url}/quarantine`);
    await see(page.locator(".card").getByText("PDF-filen har inga sidor"));
    await page.goto(`${url}/activity`);
    await see(page.locator("[data-job]").getByText("PDF-filen har inga sidor"));
    const dialog = page.getByRole("dialog");
    for (const refusal of [null, "Det finns redan en klass med koden 1"]) { // the second of that code is refused
      await page.goto(`${url}/records/plan`);
      await page.getByRole("button", { name: "Ny klass", exact: true }).click();
      await dialog.getByLabel("Kod").fill("1");
      await dialog.getByLabel("Benämning").fill("Brev");
      await dialog.getByRole("button", { name: "Spara" }).click();
      if (refusal) await see(dialog.getByRole("alert").getByText(refusal, { exact: true }));
      else await see(page.getByRole("heading", { name: "1 Brev" }));
    }
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await speakAs(page, url, "en");
  },
};
