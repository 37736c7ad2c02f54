// From the figures of the overview to the records behind them, and all that is due in one batch. In an archive that is empty
// but for its first account, and where two others approve.
import assert from "node:assert/strict";
import { axeFindings, choose, dialog, see, seeAt } from "../support/browser.mjs";
import { credentials } from "./archive.mjs";
import { elsewhere, signIn } from "./people.mjs";

export const settings = { MUNIMENT_DISPOSITION_APPROVALS: "2" };

/** What the API answers to a change by the first account. */
function changer(service) {
  const token = service.command("token", "create", credentials.name);
  return async (method, path, body, version) => {
    const answer = await fetch(`${service.url}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${token}`, "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json", ...(version ? { "If-Match": version } : {}) }, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
}

const terms = (title, action, kind = "minimum") => ({
  title, triggers: [{ kind: "captured" }], combine: "all", cutoff: "none", fiscal_start: 1, period: "1 years", action, kind, authority: "Decision 1",
});

export const steps = {
  async "each figure of the overview leads to its records"({ page, url, service }) {
    const change = changer(service);
    const classOf = async (code, schedule) => (await change("POST", "/classes", { code, title: `Class ${code}`, ...(schedule ? { schedule } : {}) })).id;
    const scheduleOf = async (code, action, kind) => (await change("POST", "/schedules", { code, ...terms(`Terms ${code}`, action, kind) })).id;
    const paper = async (title, inClass) => (await change("POST", "/paper-files", { title, class: inClass })).document.id;
    const destroyed = await classOf("1", await scheduleOf("K1", "destroy", "maximum"));
    const transferred = await classOf("2", await scheduleOf("K2", "transfer"));
    const permanent = await classOf("3", await scheduleOf("K3", "permanent"));
    const unruled = await classOf("4", await scheduleOf("K4", "destroy"));
    const documents = [
      await paper("First receipt", destroyed), await paper("Second receipt", destroyed), await paper("Minutes", transferred),
      await paper("Charter", permanent), await paper("Leaflet", unruled),
    ];
    await change("POST", "/records", { documents });
    await change("PATCH", `/classes/${unruled}`, { schedule: null }, '"1"'); // there is no other way to have a record without
    await paper("Draft", destroyed);
    await change("PUT", "/retention/today", { today: "2060-01-01" });
    for (const [figure, titles] of [["Without a schedule", ["Leaflet"]], ["Kept for ever", ["Charter"]], ["Past a deadline", ["First receipt", "Second receipt"]]]) {
      await page.goto(`${url}/records/overview`);
      await page.locator(".tile", { hasText: figure }).getByRole("link", { name: String(titles.length), exact: true }).click();
      for (const title of titles) await see(page.getByRole("link", { name: title }));
      assert.equal(await page.locator("tbody tr").count(), titles.length);
      assert.deepEqual(await axeFindings(page), []);
    }
    await page.goto(`${url}/records/overview`);
    await page.locator(".tile", { hasText: "Filed, not declared" }).getByRole("link").click();
    await see(page.locator(".row a.title", { hasText: "Draft" }));
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1); // what was declared a moment ago goes
  },

  async "what filing could not declare is listed with the reason"({ page, url, service }) {
    const change = changer(service);
    const inClass = (await change("POST", "/classes", { code: "5", title: "Letters", declares_on_filing: true })).id;
    await change("POST", "/paper-files", { title: "Letter without a rule", class: inClass });
    const figure = page.locator(".tile", { hasText: "Could not be declared" }).getByRole("link", { name: "1", exact: true });
    await seeAt(page, `${url}/records/overview`, figure);
    await figure.click();
    const row = page.locator("tbody tr", { has: page.getByRole("link", { name: "Letter without a rule" }) });
    await see(row.getByText("schedule"));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a schedule keeps metadata of its own choice"({ page, url }) {
    const edit = async () => {
      await page.getByRole("button", { name: "More: K4" }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
    };
    const save = async () => {
      await dialog(page).getByLabel("Reason").fill("As decided");
      await dialog(page).getByRole("button", { name: "Save" }).click();
      await dialog(page).waitFor({ state: "detached" });
    };
    await page.goto(`${url}/records/schedules`);
    await edit();
    await dialog(page).getByRole("combobox", { name: "What stays of the metadata" }).selectOption({ label: "Chosen for this schedule" });
    await dialog(page).getByRole("checkbox", { name: "Own fields" }).check();
    assert.deepEqual(await axeFindings(page), []);
    await save();
    await edit();
    assert.equal(await dialog(page).getByRole("checkbox", { name: "Own fields" }).isChecked(), true);
    assert.equal(await dialog(page).getByRole("checkbox", { name: "Title", exact: true }).isChecked(), false);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },

  async "what is due of every action is shown, and all that is free is proposed at once"({ page, url }) {
    await page.goto(`${url}/records/overview`);
    await page.locator(".tile", { hasText: /^Due/ }).getByRole("link").click();
    await see(page.getByText("3 records are due"));
    await see(page.getByText("A batch has one action"));
    await page.getByLabel("Select Minutes").check();
    assert.equal(await page.getByLabel("Select First receipt").isDisabled(), true, "a batch has one action");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "First receipt" }).click();
    await see(page.locator(".viewer"));
    await page.goBack();
    await see(page.getByText("3 records are due"));
    assert.equal(await page.getByLabel("Select Minutes").isChecked(), true, "what was picked waits");
    await page.getByLabel("Action").selectOption({ label: "Transfer" });
    await see(page.getByText("1 record is due"));
    await page.getByLabel("Only what is past its last day").check();
    await see(page.getByText("There is none"));
    await page.getByLabel("Action").selectOption({ label: "All" });
    await see(page.getByText("2 records are due"));
    assert.equal(await page.getByRole("link", { name: "Minutes" }).count(), 0);
    await page.goto(`${url}/records/disposition?action=destroy`);
    await page.getByRole("button", { name: "Propose all 2 that are free (destruction)…" }).click();
    await dialog(page).getByLabel("Name of the batch").fill("All receipts");
    await dialog(page).getByLabel("Reason").fill("Not needed any more");
    assert.deepEqual(await dialog(page).getByLabel("Approvals needed").locator("option").allTextContents(), ["2"]);
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Propose", exact: true }).click();
    await see(page.getByRole("heading", { name: "All receipts" }));
    await see(page.locator("tbody tr").nth(1));
    assert.equal(await page.locator("tbody tr").count(), 2);
    await see(page.getByText("2 more approvals are needed"));
  },

  async "a record is taken out of a batch that is proposed"({ page }) {
    await page.getByRole("button", { name: "Take out Second receipt" }).click();
    await dialog(page).getByLabel("Reason").fill("A researcher asks for it");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Take out" }).click();
    await see(page.getByText("it was taken out: A researcher asks for it"));
    await see(page.getByRole("button", { name: "Take out First receipt" }));
    assert.equal(await page.getByRole("button", { name: "Take out Second receipt" }).count(), 0);
    await page.goto(new URL("/records/disposition?action=destroy", page.url()).href);
    await see(page.getByRole("link", { name: "Second receipt" }));
    assert.equal(await page.getByRole("link", { name: "First receipt" }).count(), 0);
  },

  async "what is due for review gets another schedule, and is due no more"({ page, url, service }) {
    const change = changer(service);
    const schedule = (await change("POST", "/schedules", { code: "K6", ...terms("Looked at again", "review") })).id;
    const inClass = (await change("POST", "/classes", { code: "6", title: "Agreements", schedule })).id;
    const { document } = await change("POST", "/paper-files", { title: "Agreement on the crane", class: inClass });
    await change("POST", "/records", { documents: [document.id] });
    await page.goto(`${url}/records/disposition?action=review`);
    await page.getByRole("link", { name: "Agreement on the crane" }).click();
    await page.getByRole("button", { name: "Decide the review" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Schedule" }), "K3 Terms K3");
    await dialog(page).getByLabel("Reason").fill("Worth keeping");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText("Kept for ever").first());
    assert.equal(await page.getByRole("button", { name: "Decide the review" }).count(), 0);
    await page.goto(`${url}/records/disposition?action=review`);
    await see(page.getByText("Nothing is due"));
  },

  async "a transfer that leaves copies is decided by somebody who may approve and nothing else"({ page, browser, url, service }) {
    const change = changer(service);
    const ulf = { name: "ulf", password: "yet another long password" };
    await change("POST", "/roles", { name: "Approver", permissions: ["approve_disposition"] });
    await change("POST", "/accounts", { name: ulf.name, password: ulf.password, role: "Approver" });
    await page.goto(`${url}/records/disposition?action=transfer`);
    await page.getByRole("button", { name: "Propose all 1 that are free (transfer)…" }).click();
    await dialog(page).getByLabel("Name of the batch").fill("Old minutes");
    await dialog(page).getByLabel("Reason").fill("The city takes them");
    const after = dialog(page).getByRole("combobox", { name: "After the receipt" });
    await after.click();
    await after.fill("Terms");
    await see(page.getByRole("option", { name: "K1 Terms K1" }));
    assert.equal(await page.getByRole("option", { name: /K2/ }).count(), 0, "by that they would be due again");
    await page.getByRole("option", { name: "K1 Terms K1" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Propose", exact: true }).click();
    await see(page.getByRole("heading", { name: "Old minutes" }));
    await see(page.getByText("Copies stay here, kept by K1"));
    await elsewhere(browser, async (other) => {
      await signIn(other, url, ulf);
      await other.goto(`${url}/notifications`);
      await other.getByRole("link", { name: /Old minutes/ }).click();
      await see(other.getByText("Copies stay here, kept by K1"));
      await see(other.getByRole("link", { name: "Minutes" }));
      await other.getByRole("button", { name: "Check now" }).click();
      await see(other.getByText("1 can be disposed of today, 0 cannot."));
      assert.equal(await other.getByRole("button", { name: "Withdraw" }).count(), 0);
      await other.getByRole("button", { name: "Approve", exact: true }).click();
      await dialog(other).getByRole("button", { name: "Approve", exact: true }).click();
      await see(other.getByText("Approved by ulf"));
      await other.getByRole("link", { name: "‹ Disposition" }).click();
      await see(other.getByRole("link", { name: "All receipts" }));
      assert.equal(await other.getByRole("heading", { name: "Due" }).count(), 0);
      assert.deepEqual(await axeFindings(other), []);
    });
  },

  async "a folder with something that is no record is closed once all of it is declared"({ page, url, service }) {
    const change = changer(service);
    const inClass = (await change("POST", "/classes", { code: "7", title: "Projects", schedule: 1 })).id;
    const folder = (await change("POST", "/folders", { class: inClass, title: "The quay" })).id;
    for (const title of ["Plan of the quay", "Cost of the quay"]) await change("POST", "/paper-files", { title, folder });
    await seeAt(page, `${url}/?q=quay`, page.locator(".row"), 2);
    await page.goto(`${url}/records/plan?class=${inClass}`);
    await page.getByRole("button", { name: "More: The quay" }).click();
    await page.getByRole("menuitem", { name: "Close the folder" }).click();
    const link = dialog(page).getByRole("link", { name: "2 documents are not declared" });
    assert.match(await link.getAttribute("href"), new RegExp(`is%3Arecord&f\\.folder=${folder}$`));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Declare all and close" }).click();
    await see(page.locator("tbody tr", { hasText: "The quay" }).getByText(/^Closed /));
  },

  async "a class that was made is in the tree, though its access list was refused and given up"({ page, url, service }) {
    service.command("api", "create_access_list", "name=Quay only", 'entries=[{"subject":"everyone","id":null,"may_change":true}]');
    const lists = "**/api/v1/classes/*/access-list";
    await page.route(lists, (route) => route.fulfill({
      status: 409, contentType: "application/problem+json", body: JSON.stringify({ code: "conflict", title: "Conflict", detail: "not today", status: 409, errors: [] }) }));
    await page.goto(`${url}/records/plan`);
    await page.getByRole("button", { name: "New class" }).click();
    await dialog(page).getByLabel("Code").fill("9 a");
    await dialog(page).getByLabel("Title").fill("Ferries");
    await choose(dialog(page).getByRole("combobox", { name: "Access list" }), "Quay only");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(dialog(page).getByText(/not today/));
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await see(page.locator(".plan-tree").getByRole("link", { name: "9 a Ferries" }));
    await see(page.getByRole("heading", { name: "9 a Ferries" }));
    await page.unroute(lists);
  },

  async "before a hold is placed on what a query finds, it says how much that is"({ page, url }) {
    await page.goto(`${url}/records/holds`);
    await page.getByRole("button", { name: "New hold" }).click();
    await dialog(page).getByLabel("Query").fill("quay");
    const found = dialog(page).getByRole("link", { name: "It finds 2 documents now that you may read" });
    assert.equal(await found.getAttribute("href"), "/?q=quay");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByLabel("Query").fill("zeppelin");
    await see(dialog(page).getByRole("link", { name: "It finds 0 documents now that you may read" }));
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },

  async "the history of a class tells what each change made different"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    await page.getByRole("link", { name: "4 Class 4" }).click();
    await page.getByRole("button", { name: "Earlier versions" }).click();
    const change = dialog(page).getByRole("listitem").first();
    await see(change.locator("del", { hasText: "K4" }));
    await see(change.locator("ins", { hasText: "None" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
  },

  async "what waits for an event is reported, until the event is recorded on a selection"({ page, url, service }) {
    const change = changer(service);
    const schedule = (await change("POST", "/schedules", { code: "K8", ...terms("Contracts", "destroy"), triggers: [{ kind: "event", name: "contract ended" }] })).id;
    const inClass = (await change("POST", "/classes", { code: "8", title: "Contracts", schedule })).id;
    const { document } = await change("POST", "/paper-files", { title: "Contract of the ferry", class: inClass });
    await change("POST", "/records", { documents: [document.id] });
    await page.goto(`${url}/records/overview`);
    await page.locator(".tile", { hasText: "Waiting for an event" }).getByRole("link").click();
    const waits = page.getByRole("region", { name: "Awaiting an event" });
    await see(waits.getByRole("link", { name: "Contract of the ferry" }));
    await see(page.getByRole("heading", { name: "Loans" }));
    assert.deepEqual(await axeFindings(page), []);
    await seeAt(page, `${url}/?q=ferry`, page.locator(".row"));
    await page.getByLabel("Select Contract of the ferry").check();
    await page.getByRole("button", { name: "Record an event", exact: true }).click();
    await dialog(page).getByRole("combobox").fill("contract ended");
    await dialog(page).locator("input[type=date]").fill("2026-01-01");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText("The event is recorded on 1 record"));
    await page.goto(`${url}/records/reports`);
    await see(page.getByText("No record waits for anything."));
  },

  async "what another schedule of a class would move is named before it is chosen"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    await page.getByRole("link", { name: "8 Contracts" }).click();
    await page.getByRole("button", { name: "Change the class" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Schedule" }), "K3 Terms K3");
    await see(dialog(page).getByText("Of 1 records, 1 would move, 0 of them to an earlier day."));
    await see(dialog(page).getByRole("region", { name: "Records that would move" }).getByRole("link", { name: "Contract of the ferry" }));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },

  async "what another place for a class would move is named before it is moved"({ page, url, service }) {
    const change = changer(service);
    const contracts = (await change("GET", "/classes?q=Contracts")).items[0];
    const leases = (await change("POST", "/classes", { code: "8.1", title: "Leases", parent: contracts.id })).id;
    const { document } = await change("POST", "/paper-files", { title: "Lease of the kiosk", class: leases });
    await change("POST", "/records", { documents: [document.id] });
    await page.goto(`${url}/records/plan?class=${leases}`);
    await page.getByRole("button", { name: "Move this class" }).click();
    await see(dialog(page).getByText("Of 1 records, 1 would move, 0 of them to an earlier day."));
    await see(dialog(page).getByRole("region", { name: "Records that would move" }).getByRole("link", { name: "Lease of the kiosk" }));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },

  async "a class below a closed one takes in nothing, and is not offered"({ page, url, service }) {
    const change = changer(service);
    const top = await change("POST", "/classes", { code: "P", title: "Past matters" });
    const below = await change("POST", "/classes", { code: "P.1", title: "Matters of the past", parent: top.id });
    const folders = page.getByRole("heading", { name: "Folders" });
    const make = page.getByRole("button", { name: "New folder" });
    await page.goto(`${url}/records/plan?class=${below.id}`);
    await see(make);
    await change("PATCH", `/classes/${top.id}`, { status: "closed" }, `"${top.version}"`);
    await page.reload();
    await see(folders);
    assert.equal(await make.count(), 0);
    await page.getByRole("combobox", { name: "Find a class" }).fill("Matters of");
    await see(page.getByRole("option", { name: "P.1 Matters of the past" }));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Move this class" }).click();
    await dialog(page).getByRole("combobox").fill("Matters");
    await see(dialog(page).getByText("Nothing fits"));
    await page.keyboard.press("Escape");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },
};
