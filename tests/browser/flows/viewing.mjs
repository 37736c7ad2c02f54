// Reading, printing, filing and finding with the list of documents. In an archive that is empty but for its first account.
import assert from "node:assert/strict";
import { axeFindings, axeFindingsInTheDark, choose, dialog, drag, see, seeAt, seeHitsOnInk, speakAs, uploadFiles, uploadItem } from "../support/browser.mjs";
import { docx, halfDamaged, invoice, lease, mail, minutes, pdf, zip } from "../support/files.mjs";
import { credentials } from "./archive.mjs";

export const steps = {
  async "the tray of uploads covers nothing that cannot be scrolled above it"({ page }) {
    await uploadFiles(page, [{ name: "lease.pdf", buffer: lease }, { name: "invoice.pdf", buffer: invoice }, { name: "minutes.pdf", buffer: minutes }]);
    for (const name of ["lease.pdf", "invoice.pdf", "minutes.pdf"]) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    await page.locator(".row a.title", { hasText: "Lease agreement" }).click();
    await see(page.getByRole("textbox", { name: "Title" }));
    const covered = await page.locator(".panel-body").evaluate((panel) => {
      panel.scrollTop = panel.scrollHeight;
      return panel.lastElementChild.getBoundingClientRect().bottom > document.querySelector(".tray").getBoundingClientRect().top;
    });
    assert.equal(covered, false);
    await page.getByRole("button", { name: "Clear what is done" }).click();
  },

  async "the rail says how many wait in the inbox"({ page }) {
    await see(page.getByRole("link", { name: /^Inbox\s*3$/ }));
  },

  async "from the last hit the next key leads to the next document of the list, and back"({ page, url }) {
    await page.goto(`${url}/?q=thirty`);
    await see(page.locator(".row").nth(1));
    await page.locator(".row a.title").first().click();
    await page.waitForURL(/doc=/);
    const first = new URL(page.url()).searchParams.get("doc");
    await see(page.getByText(/^1 of \d+ hits$/));
    await see(page.locator(".hits[aria-busy=false]"));
    const all = Number(/of (\d+)/.exec(await page.locator(".hits .text").first().textContent())[1]);
    for (let hit = 1; hit <= all; hit += 1) {
      await see(page.getByText(`${hit} of ${all} hits`));
      await page.keyboard.press("n");
    }
    await page.waitForFunction((before) => new URL(location.href).searchParams.get("doc") !== before, first);
    await see(page.getByText(/^1 of \d+ hits$/));
    await see(page.locator(".hits[aria-busy=false]"));
    await page.keyboard.press("p");
    await page.waitForFunction((before) => new URL(location.href).searchParams.get("doc") === before, first);
    await see(page.getByText(`${all} of ${all} hits`));
  },

  async "a page is printed, and all of them, each on a sheet of its own"({ page, url }) {
    await page.goto(`${url}/?q=Storgatan`);
    await page.locator(".row a.title", { hasText: "Lease agreement" }).click();
    await see(page.locator(".sheet img"));
    await page.evaluate(() => {
      window.printed = [];
      window.print = () => {
        window.printed.push([...document.querySelectorAll(".print-sheets img")].filter((image) => image.naturalWidth > 1000).length);
        window.dispatchEvent(new Event("afterprint"));
      };
    });
    await page.getByRole("button", { name: "Print" }).click();
    await page.getByRole("menuitem", { name: "Print this page" }).click();
    await page.waitForFunction(() => window.printed.length === 1);
    await page.keyboard.press("Shift+P");
    await page.waitForFunction(() => window.printed.length === 2);
    assert.deepEqual(await page.evaluate(() => window.printed), [1, 3]);
    assert.equal(await page.locator(".print-sheets").count(), 0);
  },

  async "words are selected on the page and copied as lines of words"({ page }) {
    await see(page.locator(".text-layer text").nth(1));
    const copied = await page.evaluate(() => {
      const [first, second] = document.querySelectorAll(".text-layer text");
      getSelection().setBaseAndExtent(first, 0, second, second.childNodes.length);
      return getSelection().toString();
    });
    assert.match(copied, /^Lease agreement Storgatan 12\s*\n\s*The rent is stated/);
  },

  async "the text of an area is copied that is drawn with Alt"({ page }) {
    await page.evaluate(() => {
      getSelection().removeAllRanges();
      document.addEventListener("copy", () => { window.copiedText = document.activeElement.value; }, { once: true });
    });
    const line = await page.locator(".text-layer text").first().boundingBox(); // the heading
    await page.keyboard.down("Alt");
    await page.mouse.move(line.x - 6, line.y - 6);
    await page.mouse.down();
    await see(page.locator(".copied-region"));
    await page.mouse.move(line.x + line.width + 6, line.y + line.height + 6);
    await page.mouse.up();
    await page.keyboard.up("Alt");
    await page.waitForFunction(() => window.copiedText);
    assert.equal(await page.evaluate(() => window.copiedText), "Lease agreement Storgatan 12");
    assert.equal(await page.locator(".copied-region").count(), 0);
  },

  async "the link to a page is copied with a key and leads to it"({ page, url }) {
    await page.evaluate(() => getSelection().removeAllRanges());
    await page.keyboard.press("]");
    await page.waitForFunction(() => document.querySelector(".page-number").value === "2");
    await page.evaluate(() => document.addEventListener("copy", () => { window.link = document.activeElement.value; }, { once: true }));
    await page.keyboard.press("l");
    await page.waitForFunction(() => window.link);
    const link = await page.evaluate(() => window.link);
    assert.ok(link.startsWith(url) && link.endsWith("&p=2"), link);
    await page.goto(link);
    await page.waitForFunction(() => document.querySelector(".page-number")?.value === "2");
  },

  async "words are found inside the open document, from the first key to the way back"({ page, url }) {
    await page.goto(`${url}/?q=Storgatan`);
    await page.locator(".row a.title", { hasText: "Lease agreement" }).click();
    await see(page.getByText("1 of 1 hits"));
    await page.keyboard.press("s");
    const field = page.getByRole("textbox", { name: "Words in this document" });
    await page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Words in this document");
    await field.fill("premis"); // the beginning of a word
    await see(page.getByText("1 of 3 hits"));
    await see(page.locator("[data-page='1'] .hit-box.current"));
    assert.deepEqual(await axeFindings(page), []);
    await field.press("Enter");
    await see(page.getByText("2 of 3 hits"));
    await see(page.locator("[data-page='2'] .hit-box.current"));
    await field.press("Shift+Enter");
    await field.press("Shift+Enter");
    await see(page.getByText("3 of 3 hits")); // round the end, not on to another document
    await see(page.locator("[data-page='3'] .hit-box.current"));
    await field.fill("thirty days"); // words that follow each other
    await see(page.getByText("of 4 hits"));
    await field.fill("wharf");
    await see(page.getByText("No hits in the text"));
    await field.press("Escape");
    await see(page.getByText("1 of 1 hits"));
    assert.equal(await field.count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.className.includes("pages")), true);
  },

  async "what is not understood in a query is said, and looked for as words"({ page, url }) {
    await page.goto(`${url}/?q=${encodeURIComponent("frm:thirty")}`);
    await see(page.getByText("There is no such field, so what stands before the colon was looked for as a word."));
    await page.goto(`${url}/?q=${encodeURIComponent('"thirty days')}`);
    await see(page.getByText("A quotation mark or a parenthesis is not closed"));
    await see(page.locator(".row a.title", { hasText: "Lease agreement" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.goto(`${url}/?q=${encodeURIComponent("thirty")}`);
    await see(page.locator(".row a.title", { hasText: "Lease agreement" }));
    assert.equal(await page.getByText("is not closed").count(), 0);
  },

  async "what was read with doubt is underlined, and gone through with keys"({ page, url }) {
    await page.route("**/pages/*/words*", async (route) => {
      const response = await route.fetch();
      const words = await response.json();
      const number = Number(/pages\/(\d+)\//.exec(route.request().url())[1]);
      if (number !== 2) words.lines[0][0][5] = 40; // the first word of the pages but the second
      await route.fulfill({ response, json: words });
    });
    await page.goto(`${url}/?q=Storgatan`);
    await page.locator(".row a.title", { hasText: "Lease agreement" }).click();
    await see(page.locator(".sheet img"));
    assert.equal(await page.locator(".doubt").count(), 0);
    await page.keyboard.press("w");
    await see(page.getByText("1 doubtful word on this page"));
    await page.keyboard.press(".");
    await see(page.locator("[data-page='1'] .doubt.current"));
    await page.keyboard.press(".");
    await see(page.locator("[data-page='3'] .doubt.current"));
    await page.keyboard.press(",");
    await see(page.locator("[data-page='1'] .doubt.current"));
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("w");
    await page.locator(".doubt").first().waitFor({ state: "detached" });
    await page.unroute("**/pages/*/words*");
  },

  async "a change of metadata can be taken back"({ page }) {
    const title = page.getByRole("textbox", { name: "Title" });
    const before = await title.inputValue();
    await title.fill("Something else");
    await title.press("Enter");
    await see(page.getByText("“Something else” is changed"));
    await page.locator(".pages").focus();
    await page.keyboard.press("z");
    await see(page.getByText("is as it was"));
    await page.waitForFunction((wanted) => document.querySelector("[name=title]").value === wanted, before);
    await page.getByRole("combobox", { name: "Correspondent" }).fill("Nordic Wood");
    await page.getByRole("option", { name: "Create “Nordic Wood”" }).click();
    await page.locator(".toast", { hasText: "is changed" }).getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => document.querySelector("[name=correspondent]").value === "");
  },

  async "the parts of a query are taken away one by one"({ page, url }) {
    await page.goto(`${url}/?q=${encodeURIComponent("thirty -lease created:2024")}`);
    await see(page.getByRole("button", { name: "Remove the filter created:2024" }));
    await see(page.locator(".row a.title", { hasText: "INV-2024/0042" }));
    await page.getByRole("button", { name: "Remove the filter -lease" }).click();
    await page.getByRole("button", { name: "Remove the filter created:2024" }).click();
    await see(page.locator(".row").nth(1));
    assert.equal(new URL(page.url()).searchParams.get("q"), "thirty");
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a bar of the years narrows the list, then one of the months"({ page, url }) {
    await page.goto(url);
    await page.locator(".row a.title", { hasText: "Lease agreement" }).click();
    await page.locator("[name=date]").fill("2023-05-06");
    await see(page.locator(".saving.ok"));
    const bar = (name) => page.locator(".histogram button").filter({ hasText: name });
    await seeAt(page, url, bar("2023"));
    assert.deepEqual(await axeFindings(page), []);
    await bar("2023").click();
    await see(bar("May 2023: 1 document"));
    await bar("May 2023").click();
    await see(page.getByRole("button", { name: "Remove the filter created:2023-05" }));
    await see(page.locator(".row a.title", { hasText: "Lease agreement" }));
  },

  async "documents are moved with a key, dropped on a class, and that is taken back"({ page, url, service }) {
    const make = (...words) => JSON.parse(service.command("api", ...words)).id;
    const contracts = make("create_class", "parent=", "code=K1", "title=Contracts");
    make("create_folder", `class=${contracts}`, "title=Leases of the town");
    make("create_class", "parent=", "code=K2", "title=Money");
    await page.goto(url);
    await see(page.locator(".row").nth(2));
    await page.locator(".row", { hasText: "INV-2024/0042" }).getByRole("checkbox").check();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("m");
    await choose(dialog(page).getByRole("combobox", { name: "Folder" }), "Leases of the town");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "File" }).click();
    await see(page.getByText("1 document is in Leases of the town now"));
    const contracted = page.locator(".facet-value", { hasText: "K1" });
    await see(contracted);
    await page.keyboard.press("z");
    await contracted.waitFor({ state: "detached" });
    await page.locator(".row a.title", { hasText: "Minutes" }).click();
    await page.getByRole("textbox", { name: "Title" }).waitFor();
    await page.keyboard.press("m");
    await choose(dialog(page).getByRole("combobox", { name: "Class" }), "K1 Contracts");
    await dialog(page).getByRole("button", { name: "File" }).click();
    await see(contracted.locator(".count", { hasText: "1" }));
    await drag(page.locator(".row", { hasText: "INV-2024/0042" }), contracted);
    await see(contracted.locator(".count", { hasText: "2" }));
  },

  async "a row is dropped on a folder of the plan beside the list, and taken back"({ page, url }) {
    await page.goto(url);
    const row = page.locator(".row", { hasText: "INV-2024/0042" });
    await see(row);
    await page.getByRole("button", { name: "Classes and folders" }).click();
    await page.locator(".plan-line", { hasText: "K1 Contracts" }).locator("[aria-expanded]").click();
    const folder = page.locator(".plan-line", { hasText: "Leases of the town" });
    await drag(row, folder);
    await see(page.getByText("1 document is in Leases of the town now").first());
    await folder.getByRole("button", { name: "Leases of the town" }).click();
    await page.waitForURL(/f\.folder=\d+/);
    await see(row);
    await page.keyboard.press("z");
    await row.waitFor({ state: "detached" });
    assert.deepEqual(await axeFindings(page), []);
  },

  async "files that are dropped while a class or folder is open go there, which can be taken back"({ page, url, service }) {
    const { items: [folder] } = JSON.parse(service.command("api", "folders", "limit=1"));
    await page.goto(`${url}/?f.folder=${folder.id}`); // with nothing in it, so that the list does not know its name
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["The quay is let to the ferryman.\n"], "quay.txt", { type: "text/plain" }));
      return transfer;
    });
    await see(page.getByRole("button", { name: `Remove the filter ${folder.title}` }));
    await page.locator(".results").dispatchEvent("dragenter", { dataTransfer: dropped });
    await see(page.getByText(`Drop to add to ${folder.title}`));
    await page.locator(".results").dispatchEvent("drop", { dataTransfer: dropped });
    const told = page.locator(".toast", { hasText: `1 file goes to ${folder.title}.` });
    await told.hover(); // so that it stays
    await see(uploadItem(page, "quay.txt").getByText(`To ${folder.title}`));
    await see(uploadItem(page, "quay.txt").and(page.locator("[data-state=filed]")));
    await see(page.locator(".row"));
    await told.getByRole("button", { name: "Undo" }).click();
    await see(page.getByText("What came in waits in the inbox instead."));
    await page.locator(".row").waitFor({ state: "detached" });
    const id = new URL(await uploadItem(page, "quay.txt").getByRole("link").getAttribute("href"), url).searchParams.get("doc");
    const kept = await page.evaluate(async (document) => (await fetch(`/api/v1/documents/${document}`)).json(), id);
    assert.deepEqual([kept.class, kept.folder], [null, null]);
    await page.goto(`${url}/records/plan?class=${folder.class.id}`);
    await see(page.getByRole("heading", { name: "K1 Contracts" }));
    await uploadFiles(page, [{ name: "wharf.pdf", buffer: pdf([["The wharf", "The wharf is let as well."]]) }]);
    await see(uploadItem(page, "wharf.pdf").getByText("To K1 Contracts"));
    await see(uploadItem(page, "wharf.pdf").and(page.locator("[data-state=filed]")));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Clear what is done" }).click();
  },

  async "a closed folder takes no files that are dropped while it is open"({ page, url, service }) {
    const { items: [folder] } = JSON.parse(service.command("api", "folders", "limit=1"));
    service.command("api", "change_folder", `id=${folder.id}`, "status=closed");
    await page.goto(`${url}/?f.folder=${folder.id}`);
    await see(page.getByRole("button", { name: `Remove the filter ${folder.title}` }));
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["Nothing"], "nothing.txt", { type: "text/plain" }));
      return transfer;
    });
    await page.locator(".results").dispatchEvent("dragenter", { dataTransfer: dropped });
    await see(page.getByText("Drop to add to the archive"));
    service.command("api", "change_folder", `id=${folder.id}`, "status=open", "reason=It is still needed");
  },

  async "a file that is there already is kept as a document of its own where both are wanted"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, [{ name: "wharf again.pdf", buffer: pdf([["The wharf", "The wharf is let as well."]]) }]);
    const item = uploadItem(page, "wharf again.pdf");
    await see(item.getByText("Already in the archive"));
    const first = await item.getByRole("link", { name: "Open" }).getAttribute("href");
    await item.getByRole("button", { name: "Keep both" }).click();
    await see(item.and(page.locator("[data-state=filed]")));
    assert.notEqual(await item.getByRole("link", { name: "Open" }).getAttribute("href"), first);
    await page.getByRole("button", { name: "Clear what is done" }).click();
  },

  async "rows stand closer where that is wanted, kept lists are counted, and keys lead to the folders"({ page, url, service }) {
    await page.goto(url);
    await uploadFiles(page, [{ name: "jetty.pdf", buffer: pdf([["The jetty", "The jetty is for the steamer alone."]]) }]);
    await see(uploadItem(page, "jetty.pdf").and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    service.command("api", "create_saved_view", "name=Jetties", "parameters=q=steamer", "--as", credentials.name);
    await seeAt(page, url, page.locator(".facet-value", { hasText: "Jetties" }).locator(".count", { hasText: /^1$/ }));
    const closer = page.getByRole("button", { name: "Compact rows" });
    const height = () => page.locator(".row", { hasText: "jetty" }).evaluate((row) => row.clientHeight);
    const before = await height();
    await closer.click();
    await see(page.locator(".rows.compact"));
    assert.ok(await height() < before);
    await page.reload();
    await see(page.locator(".rows.compact"));
    assert.deepEqual(await axeFindings(page, { targets: true }), []);
    await closer.click();
    await see(page.locator(".rows:not(.compact)"));
    await page.locator(".row", { hasText: "jetty" }).locator("a.title").click();
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByText("History", { exact: true }).click();
    await see(page.locator(".history li", { hasText: "127.0.0.1" }));
    await page.locator(".pages").focus();
    await page.keyboard.type("gf");
    await page.waitForURL(`${url}/records/plan`);
    await page.keyboard.type("gs");
    await page.waitForURL(/\/\?doc=/);
  },

  async "a class is moved with a key, a folder by dragging it"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    await page.getByRole("link", { name: "K1 Contracts" }).click();
    await see(page.getByRole("heading", { name: "K1 Contracts" }));
    await page.getByText("Who can see this, and why").click();
    await see(page.locator(".who-sees li", { hasText: /^Everyone/ }));
    await page.getByRole("button", { name: "More: Leases of the town" }).click();
    await page.getByRole("menuitem", { name: "Who can see this, and why" }).click();
    await see(dialog(page).getByText("so the list for everything holds: Everyone."));
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await drag(page.locator("tr", { hasText: "Leases of the town" }), page.locator(".plan-line", { hasText: "K2 Money" }));
    await see(page.getByText("“Leases of the town” is moved"));
    await see(page.getByText("No folders"));
    await page.locator(".toast").getByRole("button", { name: "Undo" }).first().click();
    await see(page.locator("tr", { hasText: "Leases of the town" }));
    await page.keyboard.press("m");
    await choose(dialog(page).getByRole("combobox", { name: "Into the class" }), "K2 Money");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Move it there" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await see(page.locator(".plan-tree ul ul", { hasText: "K1" }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "an office file, a mail and an archive show their pages with the hits drawn on ink"({ page, url }) {
    const text = "An agreement about gooseberries.";
    const files = [
      { name: "agreement.docx", buffer: docx(text) },
      { name: "letter.eml", buffer: mail("About berries", `<h1>Offer</h1><table><tr><th>Thing</th><th>Price</th></tr><tr><td>gooseberries</td><td>12,50</td></tr></table>`) },
      { name: "berries.zip", buffer: zip("gooseberries 2026.txt", "what is in it") },
    ];
    await page.goto(url);
    await uploadFiles(page, files);
    for (const { name } of files) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    for (const { name } of files) {
      const row = page.locator(".row a.title");
      await seeAt(page, `${url}/?q=${encodeURIComponent(`gooseberries filename:"${name}"`)}`, row);
      await row.first().click();
      await seeHitsOnInk(page);
    }
  },

  async "a page that could not be read says so and why, at the page and with its text"({ page, url }) {
    const asked = [];
    page.on("request", (request) => { if (/\/pages\?/.test(request.url())) asked.push(request.url()); });
    await page.goto(url);
    await uploadFiles(page, [{ name: "pier.pdf", buffer: halfDamaged }]);
    const item = uploadItem(page, "pier.pdf");
    await see(item.and(page.locator("[data-state=filed]")));
    const address = new URL(await item.getByRole("link", { name: "Open" }).getAttribute("href"), url);
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.goto(`${address}&p=2`);
    await see(page.locator("[data-page='2']").getByText("The text of this page is missing: could not read a page"));
    assert.equal(await page.locator(".page-problem").count(), 1); // its neighbours are there, too
    await page.getByRole("tab", { name: "Text" }).click();
    await see(page.locator(".panel").getByText("The text of this page is missing: could not read a page"));
    assert.equal(asked.length, 1);
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(await axeFindingsInTheDark(page), []);
    await speakAs(page, url, "sv");
    await page.goto(`${address}&p=2`);
    await see(page.locator("[data-page='2']").getByText("Sidans text saknas: En sida kunde inte läsas"));
    await speakAs(page, url, "en");
  },
};
