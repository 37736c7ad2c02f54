// From an empty data directory to a kept, found and corrected document. The steps build on each other.
import assert from "node:assert/strict";
import { axeFindings, axeFindingsInTheDark, see, seeAt, seeHitsOnInk, uploadFiles, uploadItem } from "../support/browser.mjs";
import { broken, invoice, lease, minutes } from "../support/files.mjs";

export const credentials = { name: "anna", password: "a long enough password" };
const { name, password } = credentials;
export const hostileName = "<img src=x onerror=alert(1)>.pdf";

export const steps = {
  async "the first account is made with the one-time code"({ page, url, code }) {
    await page.goto(url);
    await see(page.getByRole("heading", { name: "Set up the archive" }));
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(await axeFindingsInTheDark(page), []);
    await page.getByLabel("One-time code").fill(code);
    await page.getByLabel("User name").fill(name);
    await page.getByLabel("Your name").fill("Anna Berg");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByLabel("Password again").fill(password);
    await page.getByRole("button", { name: "Create the account" }).click();
    await see(page.getByRole("heading", { name: "The archive is empty" }));
  },

  async "signing out and in again works, a wrong password is told"({ page }) {
    await page.evaluate(() => { globalThis.remembered = true; });
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await see(page.getByRole("heading", { name: "Sign in" }));
    assert.equal(await page.evaluate(() => globalThis.remembered), undefined, "the page is another one");
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(await axeFindingsInTheDark(page), []);
    await page.getByLabel("User name").fill(name);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await see(page.getByText("That user name and password do not fit together."));
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await see(page.getByRole("heading", { name: "The archive is empty" }));
  },

  async "several files are uploaded, read and filed"({ page }) {
    await uploadFiles(page, [{ name: "lease.pdf", buffer: lease }, { name: "invoice.pdf", buffer: invoice }, { name: hostileName, buffer: minutes }]);
    for (const name of ["lease.pdf", "invoice.pdf", hostileName]) {
      await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    }
    assert.deepEqual(await axeFindings(page), []);
  },

  async "the list of uploads survives a reload"({ page }) {
    await page.reload();
    await see(uploadItem(page, "lease.pdf").and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
  },

  async "the same file again is told to be in the archive already"({ page }) {
    await uploadFiles(page, [{ name: "again.pdf", buffer: lease }]);
    await see(uploadItem(page, "again.pdf").getByText("Already in the archive"));
    await page.getByRole("button", { name: "Clear what is done" }).click();
  },

  async "a search shows the page with its hits drawn on ink"({ page, url }) {
    await page.goto(`${url}/?q=thirty`);
    const row = page.locator(".row", { hasText: "Lease agreement" });
    await see(row.locator("mark"));
    await row.locator("a.title").click();
    await seeHitsOnInk(page);
    await see(page.getByText(/^1 of \d+ hits$/));
    await page.keyboard.press("n");
    await see(page.getByText(/^2 of \d+ hits$/));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "the words on the page can be selected and copied"({ page }) {
    const text = await page.locator(".text-layer").first().evaluate((layer) => layer.textContent ?? "");
    assert.match(text, /Payment is due thirty days/);
  },

  async "metadata saves itself"({ page, url }) {
    const title = page.getByRole("textbox", { name: "Title" });
    await title.fill("Lease & <b>more</b>");
    await title.press("Enter");
    await see(page.locator(".saving.ok"));
    await page.getByRole("combobox", { name: "Tags" }).fill("rent");
    await see(page.getByRole("option", { name: "Create “rent”" }));
    await page.getByRole("combobox", { name: "Tags" }).press("Enter");
    await see(page.getByRole("button", { name: "Remove the tag rent" }));
    await page.goto(`${url}/?q=thirty`);
    await see(page.locator(".row a.title", { hasText: "Lease & <b>more</b>" }));
    assert.equal(await page.locator(".row b, .row img[src=x]").count(), 0);
  },

  async "the text of a page is corrected and found"({ page, url }) {
    await page.goto(`${url}/?q=thirty`);
    await page.locator(".row a.title", { hasText: "Lease" }).click();
    await page.getByRole("tab", { name: "Text" }).click();
    await page.getByRole("button", { name: "Correct the text" }).click();
    await page.getByRole("textbox", { name: "Correct the text" }).fill("Lease agreement with a zeppelin clause, due in thirty days");
    await page.getByRole("button", { name: "Save the text" }).click();
    await see(page.getByText("Corrected by a person"));
    await seeAt(page, `${url}/?q=zeppelin`, page.locator(".row mark"));
  },

  async "a document goes to the trash and comes back by undo, and from the trash"({ page, url }) {
    await page.goto(url);
    await page.locator(".row a.title", { hasText: "INV-2024/0042" }).click();
    await see(page.getByRole("textbox", { name: "Title" }));
    await page.locator(".pages").focus();
    await page.keyboard.press("#");
    await page.getByRole("button", { name: "Undo" }).click();
    await see(page.locator(".row a.title", { hasText: "INV-2024/0042" }));
    await page.locator(".row a.title", { hasText: "INV-2024/0042" }).click();
    await see(page.getByRole("textbox", { name: "Title" }));
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Move to trash" }).click();
    await page.getByRole("link", { name: "Trash" }).click();
    await see(page.locator(".card", { hasText: "INV-2024/0042" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Restore" }).click();
    await see(page.getByRole("heading", { name: "The trash is empty" }));
  },

  async "what cannot be read is told with its reason, and filed without text"({ page, url }) {
    await uploadFiles(page, [{ name: "broken.pdf", buffer: broken }]);
    await see(uploadItem(page, "broken.pdf").and(page.locator("[data-state=failed]")));
    await page.goto(`${url}/quarantine`);
    const card = page.locator(".card", { hasText: "broken" });
    await see(card.getByRole("link", { name: "Download the original" }));
    assert.deepEqual(await axeFindings(page), []);
    await card.getByRole("button", { name: "File without text" }).click();
    await see(page.getByRole("heading", { name: "Nothing in quarantine" }));
  },

  async "a search, a document and its hits need no mouse"({ page, url }) {
    await page.goto(url);
    await see(page.locator(".row"));
    await page.keyboard.press("/");
    await page.keyboard.type("thirty");
    await page.keyboard.press("Enter");
    await see(page.locator(".row mark"));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await see(page.locator(".hit-box.current"));
    await page.keyboard.press("?");
    await see(page.getByRole("dialog", { name: "Keyboard shortcuts" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.locator(".viewer").waitFor({ state: "detached" });
  },
};
