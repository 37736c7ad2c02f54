// What auditors and those who answer for personal data do. For a signed-in administrator, on an archive of any contents.
import assert from "node:assert/strict";
import { axeFindings, follow, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";

const letter = { name: "Letter of Eva Ek.pdf", title: "Letter of Eva Ek", buffer: pdf([["Letter of Eva Ek", "Eva Ekstrand asks about the garden.", "With thanks in advance."]]) };

/** Where a list stands, and where the service gives all of it. */
const lists = {
  "/admin/accounts": ["/accounts"], "/admin/roles": ["/roles"], "/admin/groups": ["/groups"], "/admin/access": ["/access-lists"],
  "/admin/rules": ["/filing-rules"], "/admin/fields": ["/custom-fields"], "/admin/sources": ["/admin/sources", "/network-scanners"], "/admin/mail": ["/mailboxes"],
  "/admin/workflows": ["/workflows"], "/shared": ["/share-links"], "/records/schedules": ["/schedules"], "/records/disposition": ["/dispositions"],
  "/records/privacy": ["/erasure-requests"], "/records/paper": ["/locations"], "/records/paper/inventory": ["/inventories"], "/records/packages": ["/imports"],
};

export const steps = {
  async "figures by year and month are charts with a table"({ page, url }) {
    await page.goto(`${url}/records/reports`);
    await see(page.getByRole("img", { name: "Documents that came in" }));
    await page.getByText("As a table").last().click();
    await see(page.locator(".chart details[open] th[scope=row]"));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a person is found, and the request for erasure is registered"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, [letter]);
    await see(uploadItem(page, letter.name).getByText(/^Searchable|Filed|Done/));
    await page.goto(`${url}/records/privacy`);
    await page.getByLabel("Search for").fill("Eva Ekstrand");
    await page.getByRole("button", { name: "Search", exact: true }).last().click();
    await see(page.getByText("1 document found"));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "New request" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Who asks").fill("Eva Ekstrand");
    await dialog.getByLabel("Search for").fill("Eva Ekstrand");
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("heading", { name: /Eva Ekstrand/ }));
  },

  async "the figure of unfiled documents leads to them"({ page, url }) {
    await page.goto(`${url}/records/overview`);
    await page.locator(".tile", { hasText: "Unfiled documents" }).getByRole("link").click();
    await page.waitForURL((now) => now.pathname === "/inbox");
    await page.goto(`${url}/records/privacy`);
    await page.getByRole("link", { name: "Eva Ekstrand" }).click();
    await see(page.getByRole("heading", { name: /Eva Ekstrand/ }));
  },

  async "what nothing keeps is erased, and the letter says so"({ page }) {
    await page.locator("tbody input[type=checkbox]").first().check();
    await page.getByRole("button", { name: "Decide on 1 selected" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await see(page.locator("tbody td", { hasText: /^Erase/ }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Carry out and close" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Carry out and close" }).click();
    await see(page.getByRole("link", { name: "Letter (PDF)" }));
    await see(page.locator("h2 .badge", { hasText: "Decided" }));
  },

  async "a role is composed of permissions, and somebody gets it"({ page, url }) {
    await page.goto(`${url}/admin/roles`);
    await see(page.locator(".card .name", { hasText: "Records manager" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Compose a role", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Disposal officer");
    await dialog.getByLabel("For whom and for what").fill("Puts together what is due");
    await dialog.getByLabel("propose dispositions", { exact: true }).check();
    await dialog.getByLabel("operate the service", { exact: true }).check();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await see(page.getByText("May search and read, propose dispositions, operate the service"));

    await page.getByRole("button", { name: "Edit Disposal officer", exact: true }).click();
    await dialog.getByLabel("operate the service", { exact: true }).uncheck();
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await see(page.getByText("May search and read, propose dispositions", { exact: true }));

    await page.goto(`${url}/admin/accounts`);
    await page.getByRole("button", { name: "New account", exact: true }).click();
    await dialog.getByLabel("User name").fill("disposal");
    await dialog.getByLabel("Role").selectOption("Disposal officer");
    await see(dialog.getByText("Puts together what is due"));
    await dialog.getByLabel("Password").fill("a few quiet words");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await see(page.getByRole("row", { name: /disposal/ }).getByText("Disposal officer"));

    await page.goto(`${url}/admin/roles`);
    await page.getByRole("button", { name: "Delete Disposal officer", exact: true }).click();
    await see(page.getByText(/accounts have this role/));
  },

  async "the audit log is signed, and its proofs hold in the browser"({ page, url }) {
    await page.goto(`${url}/admin/audit`);
    await page.getByRole("button", { name: "Sign one now" }).click();
    await see(page.locator("a[download$='.checkpoint']"));
    await page.getByRole("button", { name: /^Verify / }).last().click();
    await see(page.getByText(/^Proved in this browser: entry/));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "entries of the audit log are found by what was done and to what"({ page, url }) {
    await page.goto(`${url}/admin/audit`);
    const rows = page.getByRole("region", { name: "Entries" }).locator("tbody tr");
    await see(rows.nth(1));
    const what = page.getByLabel("What", { exact: true });
    await what.fill("audit.checkpoint_signed_by_nobody");
    await what.press("Enter");
    await see(page.getByText("There is no such entry."));
    await what.fill("document.captured");
    await what.press("Enter");
    await see(rows.first().locator("code", { hasText: "document.captured" }));
    const [, number] = /document (\d+)/.exec(await rows.first().innerText());
    const on = page.getByLabel("On", { exact: true });
    await on.fill("document");
    await on.press("Enter");
    await page.getByLabel("Its number").fill(number);
    await page.getByLabel("Its number").press("Enter");
    await see(page.locator("tbody tr:only-child td", { hasText: new RegExp(`^document ${number}$`) }));
    assert.equal(new URL(page.url()).search, `?action=document.captured&object=document&object_id=${number}`);
    assert.ok(await page.locator(`a[href='/api/v1/audit?object_id=${number}&object=document&action=document.captured&format=csv']`).isVisible());
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("From", { exact: true }).fill("1999-01-01");
    await see(rows.first());
    await page.getByLabel("Through", { exact: true }).fill("1999-12-31");
    await see(page.getByText("There is no such entry."));
    assert.match(new URL(page.url()).search, /&from=1999-01-01&through=1999-12-31$/);
  },

  async "the detail of an entry is erased, and its proof still holds"({ page, url }) {
    await page.goto(`${url}/admin/audit`); // no verdict stands there
    await page.getByRole("button", { name: /^Erase its detail/ }).last().click();
    await page.getByLabel("Reason").fill("Decision 7");
    await page.getByRole("dialog").getByRole("button", { name: "Erase its detail" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^Verify / }).last().click();
    await see(page.getByText(/^Proved in this browser: entry/));
  },

  async "every list is taken away as CSV"({ page, url }) {
    await page.goto(url);
    for (const [screen, paths] of Object.entries(lists)) {
      await follow(page, screen);
      for (const path of paths) {
        const link = page.locator(`main a[download][href="/api/v1${path}?format=csv"]`);
        await see(link);
        const answer = await page.request.get(url + await link.getAttribute("href"));
        assert.equal(answer.status(), 200, path);
        assert.match(answer.headers()["content-type"], /^text\/csv/, path);
      }
    }
  },
};
