// From a class with a schedule to a certificate of destruction. The steps build on each other, and on a signed-in administrator, "anna".
import assert from "node:assert/strict";
import { axeFindings, choose, dialog, see, seeAt, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";

const password = "a long enough password";
const papers = ["Receipt of the blue bicycle", "Receipt of the green bicycle"].map((title) => ({
  name: `${title}.pdf`, title, buffer: pdf([[title, "One bicycle was sold and paid for in cash.", "Thank you for the purchase."]]),
}));
const [blue, green] = papers;

async function signInAs(page, url, name) {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await see(page.getByRole("button", { name: "Your account" }));
  await page.goto(url);
}

async function openRetention(page, url, title) {
  await page.goto(`${url}/?q=bicycle&tab=retention`);
  await page.locator(".row a.title", { hasText: title }).click();
  await page.getByRole("tab", { name: "Retention" }).click();
  await see(page.locator("[data-retention]"));
}

/** What was restored is found again once it has been indexed. */
async function findAgain(page, url) {
  await seeAt(page, `${url}/?q=bicycle`, page.locator(".row"));
  assert.equal(await page.locator(".row").count(), 1);
}

export const steps = {
  async "a records manager gets an account"({ page, url }) {
    await page.goto(`${url}/admin/accounts`);
    await page.getByRole("button", { name: "New account" }).click();
    await page.getByLabel("User name").fill("bo");
    await page.getByLabel("Full name").fill("Bo Ek");
    await page.getByLabel("Role").selectOption("records-manager");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("cell", { name: "Bo Ek" }));
  },

  async "a schedule is made, and told in words"({ page, url }) {
    await page.goto(`${url}/records/schedules`);
    await page.getByRole("button", { name: "New schedule" }).click();
    await page.getByLabel("Code").fill("K7");
    await page.getByLabel("Title").fill("Accounts");
    await page.getByLabel("The period begins with 1").selectOption("captured");
    await page.getByLabel("Authority").fill("Accounting Act 7:2");
    await see(dialog(page).getByText("Kept for 7 years after the end of the calendar year of the day it came in, then destroyed."));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("row", { name: /K7 Accounts/ }));
  },

  async "a class with that schedule, a class below it and a folder are made"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    await page.getByRole("button", { name: "New class" }).click();
    await page.getByLabel("Code").fill("2");
    await page.getByLabel("Title").fill("Economy");
    await page.getByLabel("Scope note").fill("Everything about money.");
    await choose(page.getByRole("combobox", { name: "Schedule" }), "K7 Accounts");
    await page.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("heading", { name: "2 Economy" }));
    await page.getByRole("button", { name: "New class below" }).click();
    await page.getByLabel("Code").fill("2.1");
    await page.getByLabel("Title").fill("Bookkeeping");
    await page.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("heading", { name: "2.1 Bookkeeping" }));
    await see(page.getByText("(inherited)"));
    await page.getByRole("button", { name: "New folder" }).click();
    await page.getByLabel("Title").fill("Sales of the year");
    await page.getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("link", { name: "Sales of the year" }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a plan is loaded from a file, which names the line that is wrong"({ page, url }) {
    const columns = "code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,authority";
    const lines = (below) => [columns, "9,,Sport,,,,,,,,,,,", `9.1,${below},Football,,,,,,,,,,,`, "2,,Economy,,,,,,,,,,,"].join("\r\n");
    await page.goto(`${url}/records/plan`);
    await page.getByRole("button", { name: "Load a plan…" }).click();
    assert.deepEqual(await dialog(page).getByLabel("What").locator("option").allTextContents(),
      ["From a CSV file", "A plan for a small office, in English", "A plan for a small office, in Swedish"]);
    const give = (below) => dialog(page).getByLabel("CSV file").setInputFiles({ name: "plan.csv", mimeType: "text/csv", buffer: Buffer.from(lines(below)) });
    await give("8");
    await dialog(page).getByRole("button", { name: "Load it" }).click();
    await see(dialog(page).locator(".field .error", { hasText: "line 3, parent: there is no class 8" }));
    assert.deepEqual(await axeFindings(page), []);
    await give("9");
    await dialog(page).getByRole("button", { name: "Load it" }).click();
    await see(dialog(page).getByText("Made: 2 classes and 0 schedules. 1 was there already and stays as it is."));
    await dialog(page).getByRole("button", { name: "Close", exact: true }).last().click();
    await see(page.getByRole("link", { name: "9.1 Football" }));
  },

  async "a class and a folder get an access list of their own, and lose it by undo"({ page, url, service }) {
    service.command("api", "create_access_list", "name=Economy only", 'entries=[{"subject":"everyone","id":null,"may_change":true}]');
    await page.goto(`${url}/admin/access`);
    await page.getByRole("button", { name: "Edit Economy only" }).click();
    await dialog(page).getByRole("button", { name: "Limit in time: Everyone" }).click();
    await dialog(page).getByLabel("Last day").fill("2099-12-31");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText(/^Everyone \(May read and change, until .*2099\)$/));
    await page.goto(`${url}/records/plan`);
    await page.getByRole("link", { name: "2.1 Bookkeeping" }).click();
    await page.getByRole("button", { name: "Change the class" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Access list" }), "Economy only");
    await see(dialog(page).getByText(/^You find 0 documents in it/));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await page.getByText("Who can see this, and why").click();
    await see(page.getByText("It has an access list of its own: Economy only."));
    await see(page.locator(".who-sees li", { hasText: /^Everyone .* until .*2099/ }));
    await page.getByRole("button", { name: "Undo" }).click();
    await see(page.locator(".toasts").getByText("has its access list of before"));
    await see(page.getByText(/the list for everything holds/));

    const change = async () => {
      await page.getByRole("button", { name: "More: Sales of the year" }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
    };
    const list = dialog(page).getByRole("combobox", { name: "Access list" });
    await change();
    await choose(list, "Economy only");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await change();
    assert.equal(await list.inputValue(), "Economy only");
    await dialog(page).getByRole("button", { name: "Clear Access list" }).click();
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await change();
    assert.equal(await list.inputValue(), "");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },

  async "a document under hold does not go to the trash until it is released"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, papers);
    for (const { name } of papers) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await openRetention(page, url, blue.title);
    await page.getByRole("button", { name: "Place on hold" }).click();
    await page.getByLabel("Name of the hold").fill("The bicycle dispute");
    await page.getByLabel("Reason").fill("A court asked for it");
    await page.getByRole("button", { name: "Place the hold" }).click();
    const hold = page.getByRole("link", { name: "The bicycle dispute" });
    await see(hold);
    assert.deepEqual(await axeFindings(page), []);
    await page.locator(".viewer-head").getByRole("button", { name: "More", exact: true }).click();
    const refused = page.waitForResponse((response) => response.request().method() === "DELETE" && response.status() === 409);
    await page.getByRole("menuitem", { name: "Move to trash" }).click();
    await refused;
    await page.goto(`${url}/records/holds`);
    await page.getByRole("link", { name: "The bicycle dispute" }).click();
    await see(page.getByRole("link", { name: blue.title }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Release the hold" }).click();
    await page.getByLabel("Reason").fill("Settled");
    await dialog(page).getByRole("button", { name: "Release", exact: true }).click();
    await see(page.locator("h2 .badge", { hasText: "Released" }));
  },

  async "documents are filed in a folder and declared, one alone and one from the list"({ page, url }) {
    await openRetention(page, url, blue.title);
    await page.getByRole("button", { name: "File…" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Class" }), "2.1 Bookkeeping");
    await choose(dialog(page).getByRole("combobox", { name: "Folder" }), "Sales of the year");
    await dialog(page).getByRole("button", { name: "File", exact: true }).click();
    await see(page.getByText("K7").first());
    await page.getByRole("button", { name: "Declare a record" }).click();
    await see(page.locator(".panel .badge", { hasText: /^Record$/ }));

    await page.goto(`${url}/?q=bicycle`);
    await page.getByLabel(`Select ${green.title}`).check();
    await page.getByRole("button", { name: "File in class" }).click();
    await choose(dialog(page).getByRole("combobox", { name: "Class" }), "2.1 Bookkeeping");
    await dialog(page).getByRole("button", { name: "File", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Declare a record" }).click();
    await see(page.getByText("1 record declared"));
    await openRetention(page, url, green.title);
    await see(page.locator(".panel .badge", { hasText: /^Record$/ }));
    await see(page.locator("[data-retention]").getByText(/K7/));
  },

  async "a change of the schedule tells what it would move before it is made"({ page, url }) {
    await page.goto(`${url}/records/schedules`);
    await page.getByRole("button", { name: "More: K7" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByLabel("Period", { exact: true }).fill("5");
    await page.getByRole("button", { name: "See what the change would do" }).click();
    await see(dialog(page).getByText("Of 2 records, 2 would move, 2 of them to an earlier day."));
    const moved = dialog(page).getByRole("region", { name: "Records that would move" });
    assert.equal(await moved.getByRole("link").count(), 2);
    await moved.getByText("Why").first().click();
    await see(moved.getByText(/Then: Schedule K7 .* 5 years/));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
  },

  async "nothing is due before its day, and everything after it"({ page, url }) {
    await page.goto(`${url}/records/disposition`);
    await see(page.getByRole("heading", { name: "Nothing is due" }));
    await page.goto(`${url}/records/overview`);
    await page.getByLabel("Today is").fill("2060-01-01");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await see(page.getByText("1 Jan 2060 counts as today."));
    await see(page.locator(".tile", { hasText: "Due" }).getByText("2", { exact: true }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a batch is proposed, and not approved by whoever proposed it"({ page, url }) {
    await page.goto(`${url}/records/disposition`);
    await page.getByLabel(/^Select all 2/).check();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Propose 2…" }).click();
    await page.getByLabel("Name of the batch").fill("Receipts of bicycles");
    await page.getByLabel("Reason").fill("Not needed any more");
    await dialog(page).getByRole("button", { name: "Propose", exact: true }).click();
    await see(page.getByText("Somebody else has to approve it."));
    assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
  },

  async "another person checks and approves it"({ page, url }) {
    await signInAs(page, `${url}/notifications`, "bo");
    await see(page.getByRole("link", { name: "The batch Receipts of bicycles waits for your approval" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "The batch Receipts of bicycles waits for your approval" }).click();
    await page.getByRole("button", { name: "Check now" }).click();
    await see(page.getByText("2 can be disposed of today, 0 cannot."));
    await page.getByRole("button", { name: "Approve" }).click();
    await dialog(page).getByRole("button", { name: "Approve" }).click();
    await see(page.getByText(/Approved by bo|Approved by Bo Ek/));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "it is carried out once the number of records is typed"({ page }) {
    await page.getByRole("button", { name: "Carry out" }).click();
    await page.getByLabel(/^Type the number of records/).fill("2");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Carry out" }).click();
    await see(page.locator("h2 .badge", { hasText: "Carried out" }));
    await see(page.locator(".table .badge", { hasText: "Destroyed" }).nth(1));
    assert.equal(await page.locator(".table .badge", { hasText: "Destroyed" }).count(), 2);
  },

  async "one is restored within its window, the other stays destroyed"({ page, url }) {
    await page.getByRole("button", { name: /^Restore/ }).first().click();
    await page.getByLabel("Reason").fill("Somebody still needs it");
    await dialog(page).getByRole("button", { name: "Restore" }).click();
    await see(page.locator(".table .badge", { hasText: "Restored" }));
    assert.equal(await page.locator(".table .badge", { hasText: "Destroyed" }).count(), 1);
    const batch = page.url();
    await findAgain(page, url);
    await page.goto(batch);
  },

  async "the register of what was destroyed is searched, and opened"({ page, url }) {
    const batch = page.url();
    await page.goto(`${url}/records/destroyed`);
    await see(page.getByRole("heading", { name: "Register of what was destroyed" }));
    await see(page.locator("tbody tr", { hasText: "K7" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Title, number, code or SHA-256").fill("nothing of that name");
    await page.getByRole("button", { name: "Search", exact: true }).last().click();
    await see(page.getByText("Nothing destroyed is like that."));
    await page.getByLabel("Title, number, code or SHA-256").fill("");
    await page.getByRole("button", { name: "Search", exact: true }).last().click();
    await page.locator("tbody tr", { hasText: "K7" }).getByRole("link").first().click();
    await see(page.getByText("Can still be restored"));
    await see(page.locator("dt", { hasText: "Approved by" }).locator("+ dd", { hasText: /^bo$|^Bo Ek$/ }));
    await see(page.getByRole("link", { name: /^#\d+ Receipts of bicycles$/ }));
    assert.deepEqual(await axeFindings(page), []);
    await page.goto(batch);
  },

  async "the certificate says what was done, and can be printed"({ page }) {
    await page.getByRole("link", { name: "Certificate" }).first().click();
    await see(page.getByRole("heading", { name: "Certificate of disposition: Receipts of bicycles" }));
    await see(page.getByRole("button", { name: "Print" }));
    assert.equal(await page.locator(".certificate tbody tr").count(), 2);
    assert.deepEqual(await axeFindings(page), []);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".rail").isVisible(), false);
    assert.equal(await page.locator(".certificate .statement").isVisible(), true);
    await page.emulateMedia({ media: null });
  },

  async "the real day counts again"({ page, url }) {
    await signInAs(page, `${url}/records/overview`, "anna");
    await page.getByRole("button", { name: "Back to the real day" }).click();
    await page.getByText("counts as today.").waitFor({ state: "detached" });
  },
};
