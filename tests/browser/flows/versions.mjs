// Versions that are checked out, labelled and compared; everything that a list finds changed at once; the tree of tags. The
// steps build on each other, in an archive that is empty but for its first account.
import assert from "node:assert/strict";
import { axeFindings, dialog, holding, see, seeAt, uploadFiles, uploadItem } from "../support/browser.mjs";

const draft = Buffer.from("The agreement\n\nThe rent is 900 kronor a month and is paid in advance.\n");
const final = Buffer.from("The agreement\n\nThe rent is 950 kronor a month and is paid in advance, by invoice.\n");

async function found(page, url, query, count) {
  await seeAt(page, `${url}/?q=${encodeURIComponent(query)}`, page.locator(".row"), count);
  assert.equal(await page.locator(".row").count(), count);
}

export const steps = {
  async "a document is checked out, and its new version checks it in"({ page, url }) {
    await page.goto(`${url}/`);
    await uploadFiles(page, ["agreement.txt", "second.txt", "third.txt"].map((name, at) => ({ name, buffer: at === 0 ? draft : Buffer.from(`${name} of the agreement`) })));
    for (const name of ["agreement.txt", "second.txt", "third.txt"]) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await found(page, url, "agreement 900", 1);
    await page.locator(".row a.title").first().click();
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("button", { name: "Check out" }).click();
    await dialog(page).getByLabel("What for").fill("the new rent");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Check out" }).click();
    await see(page.getByText(/You have this checked out since/));
    const badge = page.locator(".row .badge", { hasText: "Checked out" });
    await see(badge);
    await page.reload();
    await see(badge);
    await page.getByRole("tab", { name: "File" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Add a new version" }).click();
    await dialog(page).locator("input[type=file]").setInputFiles({ name: "agreement.txt", mimeType: "text/plain", buffer: final });
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await see(page.getByText("Version 2", { exact: true }));
    await page.getByText(/You have this checked out since/).waitFor({ state: "detached" });
    await badge.waitFor({ state: "detached" });
  },

  async "a version gets a label, and two are compared with the keyboard"({ page, url }) {
    await page.getByRole("button", { name: "Add a label to version 2" }).click();
    await dialog(page).getByLabel("Label").fill("Signed");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText("Signed", { exact: true }));
    await found(page, url, "agreement 950", 1);
    await page.locator(".row a.title").first().click();
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("link", { name: "Compare version 2 with the one before" }).click();
    await see(page.getByRole("heading", { name: "What differs" }));
    await see(page.locator("del", { hasText: "900" }));
    await see(page.locator("ins", { hasText: "950" }));
    await page.keyboard.press("n");
    await see(page.getByText("Difference 1 of 2"));
    assert.match((await page.locator("del.current").textContent()) ?? "", /900/);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("View", { exact: true }).selectOption({ label: "Side by side" });
    await see(page.locator(".compared .columns p"));
    assert.equal(await page.locator(".compared .columns p").count(), 2);
    assert.match(page.url(), /view=side/);
    assert.deepEqual(await axeFindings(page), []);
    await page.goBack();
    await see(page.getByRole("tab", { name: "File" }));
  },

  async "an earlier version is current again"({ page }) {
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("button", { name: "Make current again: version 1" }).click();
    await see(page.getByText("Version 3", { exact: true }));
    await see(page.getByText(/As version 1/));
  },

  async "all that match are changed at once, and that is undone"({ page, url }) {
    await found(page, url, "agreement", 3);
    await page.locator(".row input[type=checkbox]").first().check();
    await page.getByRole("button", { name: "Select all 3 that match" }).click();
    const bar = page.getByRole("toolbar", { name: "All that match" });
    await see(bar);
    assert.deepEqual(await axeFindings(page), []);
    await bar.getByRole("button", { name: "Add tag" }).click();
    await dialog(page).getByRole("combobox").fill("Leases");
    await page.getByRole("option", { name: /Leases/ }).click();
    await see(page.getByText("3 changed"));
    assert.deepEqual(await axeFindings(page), []);
    await found(page, url, "tag:leases", 3);
    await page.locator(".row input[type=checkbox]").first().check();
    await page.getByRole("button", { name: "Select all 3 that match" }).click();
    await bar.getByRole("button", { name: "Set access list" }).click();
    await see(dialog(page).getByRole("combobox"));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByText("3 were so already"));
    await found(page, url, "tag:leases", 3);
    await page.locator(".row input[type=checkbox]").first().check();
    await page.getByRole("button", { name: "Select all 3 that match" }).click();
    await bar.getByRole("button", { name: "To trash" }).click();
    await see(page.getByText("3 changed"));
    const undone = page.waitForResponse(/\/undo$/);
    await page.getByRole("button", { name: "Undo" }).first().click();
    await undone;
    await found(page, url, "tag:leases", 3);
  },

  async "what is typed in the moment a field of names appears stands"({ page, url }) {
    await found(page, url, "agreement", 3);
    await page.locator(".row input[type=checkbox]").first().check();
    await see(page.getByRole("toolbar", { name: "1 selected" }));
    const stands = await page.getByRole("button", { name: "Set type", exact: true }).evaluate(async (button) => {
      button.click();
      for (let turn = 0; turn < 100 && !document.querySelector("dialog [role=combobox]"); turn += 1) await null; // drawn before the next frame
      const field = document.querySelector("dialog [role=combobox]");
      field.focus();
      field.value = "Quick";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await new Promise((resolve) => { setTimeout(resolve, 300); }); // what the page does by itself after a drawing is done
      return field.value;
    });
    assert.equal(stands, "Quick");
    await see(page.getByRole("option", { name: /Quick/ }));
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
  },

  async "what is done to picked rows is taken back as one"({ page, url }) {
    await found(page, url, "agreement", 3);
    for (const place of [0, 1]) await page.locator(".row input[type=checkbox]").nth(place).check();
    const bar = page.getByRole("toolbar", { name: "2 selected" });
    let changes = 0;
    const count = (request) => { if (request.method() === "PATCH") changes += 1; };
    page.on("request", count);
    for (const [button, name, told] of [["Add tag", "Odd", "2 documents tagged “Odd”"], ["Set type", "Oddity", "2 documents have “Oddity” now"]]) {
      await bar.getByRole("button", { name: button, exact: true }).click();
      await dialog(page).getByRole("combobox").fill(name);
      await page.getByRole("option", { name: new RegExp(name) }).click();
      await page.locator(".toast", { hasText: told }).hover(); // so that it stays
      await see(page.locator(".row .badge, .row .meta span", { hasText: new RegExp(`^${name}$`) }));
      await page.keyboard.press("z");
      const undone = page.locator(".toast", { hasText: "2 documents are as before" });
      await see(undone);
      await undone.getByRole("button", { name: "Close" }).click(); // the next is another
      await undone.waitFor({ state: "detached" });
      await page.waitForFunction((gone) => ![...document.querySelectorAll(".row .badge, .row .meta span")].some(({ textContent }) => textContent === gone), name);
    }
    await bar.getByRole("button", { name: "To trash" }).click();
    await see(page.getByText("2 documents are in the trash"));
    await page.locator(".row[aria-setsize='1']").waitFor();
    await page.keyboard.press("z");
    await page.locator(".row[aria-setsize='3']").first().waitFor();
    page.off("request", count);
    assert.equal(changes, 0, "no document goes by itself");
  },

  async "tags are moved in their tree with the keyboard"({ page, url, service }) {
    service.command("api", "create_tag", "name=Contracts"); // stands before the other
    service.command("api", "create_tag", "name=Zoning");
    await page.goto(`${url}/admin/names`);
    await page.getByLabel("List", { exact: true }).selectOption({ label: "Tags" });
    const leases = page.getByRole("button", { name: "Leases", exact: true });
    await see(leases);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Move Leases" }).click();
    const under = dialog(page).getByRole("combobox", { name: "Under" });
    await see(under);
    assert.deepEqual(await axeFindings(page), []);
    await holding(page, /\/api\/v1\/tags\?.*ZON/, "GET", async (answer) => {
      await under.click();
      await see(page.getByRole("option", { name: "Contracts" }));
      await under.fill("ZON");
      await under.press("Enter"); // means what is typed, not what still stands in the list
      answer();
      await page.waitForFunction(() => document.querySelector("dialog [name=parent]").value === "Zoning");
    });
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await leases.focus();
    await page.keyboard.press("Alt+ArrowRight");
    await see(page.locator(".tag-tree .tag-tree .link-button:focus", { hasText: /^Leases$/ }));
    await page.keyboard.press("Alt+ArrowLeft");
    await page.locator(".tag-tree .tag-tree").waitFor({ state: "detached" });
    assert.deepEqual(await axeFindings(page), []);
  },
};
