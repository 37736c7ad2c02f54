// What came in is filed, skipped and taken back with the keyboard alone, until the inbox is empty. The steps build on each other, in an
// archive that is empty but for its first account.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axeFindings, openPage, see } from "../support/browser.mjs";
import { invoice, lease, minutes } from "../support/files.mjs";

/** In this order. */
function ingest(service, files) {
  const folder = mkdtempSync(join(tmpdir(), "muniment-inbox-"));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    service.command("ingest", "--wait", ...Object.keys(files).map((name) => join(folder, name)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function waiting(page, count) {
  await page.waitForFunction((wanted) => document.querySelectorAll(".inbox-list li").length === wanted, count);
}

async function holds(page, field, value) {
  await page.waitForFunction(([name, wanted]) => document.querySelector(`.inbox-form [name="${name}"]`)?.value === wanted, [field, value]);
}

async function opened(page, title) {
  await see(page.locator("#inbox-title").filter({ hasText: title }));
  await see(page.getByRole("group", { name: "File it" }));
}

export const steps = {
  async "what came in waits in the inbox, and what rules are sure of stands in the form"({ page, service }) {
    service.command("api", "create_class", "parent=", "code=1", "title=Economy");
    const { id: type } = JSON.parse(service.command("api", "create_document_type", "name=Bill"));
    service.command("api", "create_custom_field", "key=project", "name=Project", "kind=text", `uses=[{"type":${type},"required":true}]`);
    service.command("api", "create_custom_field", "key=sum", "name=Sum", "kind=amount", `uses=[{"type":${type}}]`, "fill_from=amount");
    service.command("api", "create_filing_rule", "field=class", "value=1", "kind=any", "text=invoice");
    service.command("api", "create_filing_rule", "field=type", `value=${type}`, "kind=any", "text=amount");
    ingest(service, { "minutes.pdf": minutes, "invoice.pdf": invoice, "lease.pdf": lease });
    await page.keyboard.press("Escape");
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.type("gi");
    await see(page.getByRole("heading", { name: "Inbox" }));
    await waiting(page, 3);
    await opened(page, "Minutes of the board");
    assert.deepEqual(await axeFindings(page, { targets: true }), []);
  },

  async "nothing is filed without a place, and what is skipped waits"({ page }) {
    await page.keyboard.press("e");
    await see(page.getByText("Choose a class or a folder."));
    assert.equal(await page.evaluate(() => document.activeElement?.name), "class");
    await page.keyboard.press("Escape");
    await page.keyboard.press("s");
    await opened(page, "Invoice");
    await see(page.locator(".inbox-list .badge").getByText("Skipped"));
  },

  async "what is still on its way can be skipped"({ page, browser, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      await other.page.route(/\/api\/v1\/documents\/\d+$/, () => undefined); // no answer
      await other.page.goto(`${service.url}/inbox`);
      await see(other.page.locator(".inbox-list li.current").getByText("Minutes of the board"));
      await other.page.keyboard.press("s");
      await see(other.page.locator(".inbox-list li.current").getByText("Invoice"));
    } finally {
      await other.context.close();
    }
  },

  async "a suggestion is cleared, offered, and taken with a key; its field is outlined on the page"({ page }) {
    await holds(page, "class", "1 Economy");
    await holds(page, "type", "Bill");
    await page.keyboard.press("y");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const offer = page.getByRole("button", { name: "Take Bill, 100%" });
    await see(offer);
    const wide = page.viewportSize();
    for (const size of [wide, { width: 320, height: 640 }]) {
      await page.setViewportSize(size);
      assert.deepEqual(await axeFindings(page, { targets: true }), []);
      assert.equal(await page.locator(".inbox-list ol").isVisible(), size === wide);
      assert.ok(await page.evaluate(() => [...document.querySelectorAll(".inbox-form *")].every((element) => element.getBoundingClientRect().right <= window.innerWidth + 1)));
    }
    await page.setViewportSize(wide);
    assert.equal(await page.evaluate(() => document.activeElement?.name), "type", "the field has the focus, its button is gone");
    await page.keyboard.press("Enter");
    await offer.waitFor({ state: "detached" });
    await holds(page, "type", "Bill");
    await page.keyboard.press("Escape");
    await page.keyboard.press("d");
    await see(page.locator(".outline"));
    const top = await page.evaluate(() => new Promise((resolve) => { // once it stands in sight
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.querySelector(".outline").getBoundingClientRect().top)));
    }));
    await page.getByRole("button", { name: "Amount 1250.00 SEK" }).focus();
    await page.waitForFunction((above) => (document.querySelector(".outline")?.getBoundingClientRect().top ?? 0) > above + 20, top);
    await page.keyboard.press("Escape");
  },

  async "the fields of the chosen type stand in the form, and are filed with it"({ page }) {
    const project = page.getByLabel("Project (required)");
    await see(page.getByText("Needed before it can be declared a record."));
    await project.fill("Apollo");
    assert.deepEqual(await axeFindings(page, { targets: true }), []);
    await project.press("Escape");
    const sum = page.getByLabel("Sum", { exact: true });
    assert.equal(await sum.inputValue(), "", "what was found is not filled in by itself");
    await see(page.getByRole("button", { name: "Take 1250.00 SEK" }));
    await sum.focus();
    await see(page.locator(".outline"));
    await sum.press("Tab");
    assert.equal(await sum.inputValue(), "1250.00 SEK");
    await see(page.getByRole("group", { name: "Found for Sum" }).getByRole("button", { name: "1250.00 SEK", pressed: true }));
    await page.keyboard.press("Escape");
    const filing = page.waitForRequest((request) => request.method() === "PATCH");
    await page.keyboard.press("e");
    assert.deepEqual(JSON.parse((await filing).postData()).custom_fields, [{ key: "project", value: "Apollo" }, { key: "sum", value: "1250.00 SEK" }]);
  },

  async "what is filed comes back when it is undone"({ page }) {
    await see(page.getByText("“Invoice INV-2024/0042” is filed"));
    await opened(page, "Lease agreement");
    await waiting(page, 2);
    await page.keyboard.press("z");
    await waiting(page, 3);
    await opened(page, "Invoice");
    await holds(page, "type", "Bill");
    await holds(page, "class", "1 Economy");
    assert.equal(await page.getByLabel("Project (required)").inputValue(), "Apollo", "what was chosen stands in the form again");
    await page.keyboard.press("#");
    await opened(page, "Lease agreement");
    await page.keyboard.press("z");
    await opened(page, "Invoice");
    await page.keyboard.press("e");
    await opened(page, "Lease agreement");
    await page.keyboard.press("e");
    await see(page.getByRole("heading", { name: "Only the one that you skipped is left." }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "what is begun waits for its turn, also over a reload, and is marked"({ browser, page, url, service }) {
    const { id } = JSON.parse(service.command("api", "documents", "q=minutes")).items[0];
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const mine = other.page;
      await mine.goto(`${url}/inbox`);
      await opened(mine, "Minutes of the board");
      const title = mine.getByRole("textbox", { name: "Title" });
      await title.fill("Minutes, half written");
      await title.press("Escape");
      const mark = mine.locator(".inbox-list li").getByText("Begun");
      await see(mark);
      assert.deepEqual(await axeFindings(mine), []);
      await mine.getByRole("link", { name: "Activity" }).first().click();
      await mine.getByRole("link", { name: "Inbox" }).first().click();
      await holds(mine, "title", "Minutes, half written");
      service.command("api", "change_document", `id=${id}`, "document_date=2024-05-05");
      await mine.reload();
      await see(mine.getByText("Somebody else changed this document meanwhile."));
      await holds(mine, "title", "Minutes, half written");
      await holds(mine, "date", "2024-05-05");
      await mine.locator("#inbox-title").focus();
      await mine.keyboard.press("e");
      await mine.waitForFunction(() => document.activeElement?.closest(".conflict"), null);
      assert.equal(JSON.parse(service.command("api", "document", `id=${id}`)).title, "Minutes of the board", "nothing is filed over theirs unasked");
      await title.fill("Minutes, written on");
      await mine.reload();
      await see(mine.getByText("Somebody else changed this document meanwhile."));
      await holds(mine, "title", "Minutes, written on");
      await mine.getByRole("button", { name: "Take theirs" }).click();
      await holds(mine, "title", "Minutes of the board");
      await mark.waitFor({ state: "detached" });
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "somebody else's change is told, and the inbox is empty at the end"({ page, service }) {
    await page.keyboard.press("j");
    await opened(page, "Minutes of the board");
    const { id } = JSON.parse(service.command("api", "documents", "q=minutes")).items[0];
    assert.equal(await page.locator(".inbox-list .current").getAttribute("data-document"), String(id));
    for (const [title, answer] of [["Minutes of a board", "Take theirs"], ["Minutes of the harbour board", "Keep mine"]]) {
      service.command("api", "change_document", `id=${id}`, `title=${title}`);
      await page.getByRole("combobox", { name: "Class" }).focus();
      await page.keyboard.type("econ");
      await see(page.getByRole("option", { name: "1 Economy" }));
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement.value === "1 Economy"); // the server may still be asked
      await page.keyboard.press("Control+Enter");
      await see(page.getByText("Somebody else changed this document meanwhile."));
      await page.getByRole("button", { name: answer }).focus();
      if (answer === "Keep mine") assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press("Enter");
      if (answer === "Take theirs") await holds(page, "title", title);
    }
    await see(page.getByRole("heading", { name: "The inbox is empty. 3 filed." }));
    const kept = JSON.parse(service.command("api", "document", `id=${id}`));
    assert.deepEqual([kept.title, kept.class.title], ["Minutes of the harbour board", "Economy"]);
    assert.deepEqual(await axeFindings(page), []);
  },

  async "what was found for a field is there to choose from in the panel too"({ page, url, service }) {
    const { id } = JSON.parse(service.command("api", "documents", "q=invoice")).items.find(({ title }) => title.startsWith("Invoice"));
    service.command("api", "change_document", `id=${id}`, 'custom_fields=[{"key":"sum","value":null}]');
    await page.goto(`${url}/?doc=${id}`);
    await page.getByRole("group", { name: "Found for Sum" }).getByRole("button", { name: "1250.00 SEK" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll(".panel input")].some(({ value }) => value === "1250.00 SEK"));
    await see(page.getByRole("button", { name: "1250.00 SEK", pressed: true }));
    assert.deepEqual(await axeFindings(page), []);
  },
};
