// A records manager's years in the page alone, on the archive of `scripts/start --demo`: from the ready-made plan to the
// certificate of destruction and the proof of the audit log, all of it without a mouse. The steps build on each other. For a service
// that has no account.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { choose, dialog, see, seeAt } from "../support/browser.mjs";
import { withKeysAlone } from "../support/keys.mjs";

const scripts = fileURLToPath(new URL("../../../scripts/", import.meta.url));
const password = "a long enough password";
export const batchName = "Accounts of long ago";

/** The papers of `scripts/start --demo`; without the scans unless they are asked for: to recognise them takes a while. `more` may
 *  put others beside them, given the folder. */
export function takeInThePapers(service, { scans = false, more = () => undefined } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "muniment-demo-"));
  try {
    execFileSync("python3", [join(scripts, "demo_documents.py"), directory]);
    more(directory);
    for (const name of readdirSync(directory)) if (!scans && name.endsWith("-scan.png")) rmSync(join(directory, name));
    service.command("ingest", "--wait", directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What `scripts/start --demo` does. */
export function fillWithTheDemonstration(service, options) {
  takeInThePapers(service, options);
  execFileSync("python3", [join(scripts, "demo_paper.py"), ...service.commandLine()]);
}

async function signOut(page) {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await see(page.getByLabel("User name"));
}

export async function signIn(page, name) {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await see(page.getByRole("button", { name: "Your account" }));
}

export async function setToday(page, url, day) {
  await page.goto(`${url}/records/overview`);
  await page.getByLabel("Today is").fill(day);
  const kept = page.waitForResponse((response) => response.url().endsWith("/retention/today") && response.request().method() === "PUT" && response.ok());
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await kept;
  await see(page.getByText("counts as today."));
}

export const steps = withKeysAlone({
  async "the first account is made, and two records managers"({ page, url, code }) {
    await page.goto(`${url}/#code=${code}`);
    await page.getByLabel("User name").fill("admin");
    await page.getByLabel("Your name").fill("Ada Admin");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByLabel("Password again").fill(password);
    await page.getByRole("button", { name: "Create the account" }).click();
    await see(page.locator(".row"));
    for (const [name, full] of [["rita", "Rita Record"], ["ulf", "Ulf Ek"]]) {
      await page.goto(`${url}/admin/accounts`);
      await page.getByRole("button", { name: "New account" }).click();
      await page.getByLabel("User name").fill(name);
      await page.getByLabel("Full name").fill(full);
      await page.getByLabel("Role").selectOption("records-manager");
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Save" }).click();
      await see(page.getByRole("cell", { name: full }));
    }
    await signOut(page);
    await signIn(page, "rita");
  },

  async "the ready-made plan is loaded"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    await page.getByRole("button", { name: "Start from a plan for a small office" }).click();
    await dialog(page).getByRole("button", { name: "Load it" }).click();
    await see(dialog(page).getByText(/^Made:/));
    await dialog(page).getByRole("button", { name: "Close" }).last().click();
    await see(page.getByRole("link", { name: /3\.1 Accounting records/ }));
  },

  async "invoices are filed and declared in bulk"({ page, url }) {
    await page.goto(`${url}/?q=invoice`);
    await see(page.locator(".row").nth(2));
    const ids = await page.locator(".row").evaluateAll((rows) => rows.slice(0, 3).map((row) => row.dataset.document));
    for (const id of ids) await page.locator(`.row[data-document="${id}"] input[type=checkbox]`).check(); // others may yet come between
    await page.getByRole("button", { name: "File in class" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Class" }), "3.1 Accounting records");
    await dialog(page).getByRole("button", { name: "File", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Declare a record" }).click();
    await see(page.getByText("3 records declared"));
  },

  async "one of them is placed on hold"({ page, url }) {
    await page.goto(`${url}/?q=invoice&tab=retention`);
    await page.locator(".row a.title").first().click();
    await page.getByRole("tab", { name: "Retention" }).click();
    await see(page.locator("[data-retention]"));
    await page.getByRole("button", { name: "Place on hold" }).click();
    await page.getByLabel("Name of the hold").fill("The roof dispute");
    await page.getByLabel("Reason").fill("The court asks for it");
    await page.getByRole("button", { name: "Place the hold" }).click();
    await see(page.getByRole("link", { name: "The roof dispute" }));
  },

  async "years pass, and two of the three can be proposed"({ page, url }) {
    await setToday(page, url, "2060-01-01");
    await page.goto(`${url}/records/disposition`);
    await page.getByLabel(/^Select all 2/).check();
    await page.getByRole("button", { name: "Propose 2…" }).click();
    await page.getByLabel("Name of the batch").fill(batchName);
    await page.getByLabel("Reason").fill("Nobody needs them");
    await dialog(page).getByRole("button", { name: "Propose", exact: true }).click();
    await see(page.getByText("Somebody else has to approve it."));
  },

  async "another person approves, and it is carried out"({ page, url }) {
    await signOut(page);
    await signIn(page, "ulf");
    await page.goto(`${url}/records/disposition`);
    await page.getByRole("link", { name: batchName }).click();
    await page.getByRole("button", { name: "Approve" }).click();
    await dialog(page).getByRole("button", { name: "Approve" }).click();
    await page.getByRole("button", { name: "Carry out" }).click();
    await page.getByLabel(/^Type the number of records/).fill("2");
    await dialog(page).getByRole("button", { name: "Carry out" }).click();
    await see(page.locator(".table .badge", { hasText: "Destroyed" }).nth(1));
  },

  async "one is restored, the other purged when its window has passed"({ page, url }) {
    await page.getByRole("button", { name: /^Restore/ }).first().click();
    await page.getByLabel("Reason").fill("The auditor asks for it");
    await dialog(page).getByRole("button", { name: "Restore" }).click();
    await see(page.locator(".table .badge", { hasText: "Restored" }));
    const batch = page.url();
    await setToday(page, url, "2060-03-01");
    await page.goto(batch);
    await seeAt(page, page.url(), page.locator(".table .badge", { hasText: "Gone for good" }));
    assert.equal(await page.locator(".table .badge", { hasText: "Restored" }).count(), 1);
  },

  async "the certificate is printed, and filed as a record"({ page }) {
    await seeAt(page, page.url(), page.getByRole("link", { name: "Filed in the archive" }));
    await page.getByRole("link", { name: "Certificate", exact: true }).click();
    await see(page.getByRole("heading", { name: `Certificate of disposition: ${batchName}` }));
    await see(page.getByRole("button", { name: "Print" }));
    await see(page.locator(".certificate .statement", { hasText: "those with the outcome “Gone for good” have been destroyed" }));
    await see(page.locator(".certificate dd", { hasText: "1 Jan 2060" }));
    assert.equal(await page.locator(".certificate tbody tr").count(), 2);
    assert.equal(await page.locator(".certificate tbody tr", { hasText: "Gone for good" }).count(), 1);
  },

  async "a paper file is borrowed and returned"({ page, url }) {
    await page.goto(`${url}/records/paper`);
    await page.getByRole("link", { name: /Box 1/ }).click();
    await page.getByRole("link", { name: "Minutes of the board, bound volume" }).click();
    await page.getByRole("button", { name: "Lend" }).click();
    await dialog(page).getByRole("button", { name: "Lend" }).click();
    await see(page.getByText(/Lent to .* until/));
    await page.goto(`${url}/records/paper/loans`);
    await page.getByRole("row", { name: /Minutes of the board/ }).getByRole("button", { name: "Returned" }).click();
    await see(page.getByText("Nothing is out"));
  },

  async "the audit log proves that all of this is as it was written"({ service }) {
    assert.match(service.command("audit", "verify"), /./);
  },
});
