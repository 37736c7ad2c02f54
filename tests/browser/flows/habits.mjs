// What people come to rely on: nothing written is lost, the way back leads to where one was, and an empty list says why.
// For a signed-in administrator with the documents of the flow "archive".
import assert from "node:assert/strict";
import { axeFindings, holding, openPage, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";
import { credentials } from "./archive.mjs";

export const steps = {
  async "an empty list says without what there would be something"({ page, url }) {
    await page.goto(`${url}/?q=thirty+created:1899&f.language=eng`);
    await see(page.getByRole("heading", { name: "Nothing found" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: /^Without created:1899 there (is 1|are \d+) documents?$/ }).click();
    await see(page.locator(".row mark"));
    assert.match(page.url(), /q=thirty&f\.language=eng$/);
  },

  async "the way back leads to the same list, place and selection"({ page, url }) {
    await page.setViewportSize({ width: 1440, height: 260 });
    await page.goto(`${url}/?sort=title`);
    const list = page.locator(".results-scroll");
    await see(page.locator(".row").nth(2));
    await page.locator(".row input[type=checkbox]").nth(1).check();
    await list.evaluate((element) => { element.scrollTop = 70; });
    await page.getByRole("link", { name: "Trash" }).click();
    await see(page.getByRole("heading", { level: 1, name: "Trash" }));
    await page.goBack();
    await see(page.locator(".row").nth(2));
    assert.equal(await list.evaluate((element) => element.scrollTop), 70);
    assert.equal(await page.locator(".row input[type=checkbox]").nth(1).isChecked(), true);
    await page.setViewportSize({ width: 1440, height: 900 });
  },

  async "from another screen the way leads back to the list that was come with"({ page, url }) {
    await page.goto(`${url}/?q=thirty`);
    await see(page.getByRole("link", { name: "Trash" }));
    await page.getByRole("link", { name: "Trash" }).click();
    await see(page.getByRole("heading", { level: 1, name: "Trash" }));
    await page.getByRole("link", { name: "Documents" }).first().click();
    await page.waitForURL(/\?q=thirty$/);
  },

  async "the search field says what is listed, also on the way back"({ page, url }) {
    await page.goto(`${url}/trash`);
    const field = page.getByRole("combobox", { name: "Search the archive" });
    await field.fill("thirty");
    await field.press("Enter");
    await page.waitForURL(/\?q=thirty$/);
    await page.goBack();
    await page.waitForURL(/\/trash$/);
    await page.waitForFunction(() => document.activeElement?.value === ""); // the field has the focus still
    await page.goForward();
    await page.waitForFunction(() => document.activeElement?.value === "thirty");
  },

  async "a link to a page leads there each time, and to the first page too"({ page, url }) {
    const shown = (number) => page.waitForFunction((wanted) => document.querySelector(".page-number")?.value === wanted, String(number));
    for (const [word, there, away, key] of [["zeppelin", 1, 2, "]"], ["second", 2, 1, "["]]) { // on that page of the lease
      await page.goto(`${url}/?q=${word}`);
      const link = page.locator(".row", { hasText: "Lease" }).locator(".snippet").first();
      await link.click();
      await shown(there);
      await page.locator(".pages").focus();
      await page.keyboard.press(key);
      await shown(away);
      await link.click();
      await shown(there);
    }
  },

  async "who turns the page while the words of a hit are on their way is not taken back"({ page, url }) {
    await holding(page, "**/pages/*/words*", "GET", async (answer) => {
      await page.goto(`${url}/?q=second`); // on the second page
      await page.locator(".row", { hasText: "Lease" }).locator(".snippet").first().click();
      await see(page.getByText(/^1 of \d+ hits?$/));
      await page.locator(".pages").focus();
      const isAt = (number) => document.querySelector(".page-number")?.value === number;
      await page.waitForFunction(isAt, "2");
      await page.keyboard.press("[");
      await page.waitForFunction(isAt, "1");
      answer();
      await page.locator(".hit-box.current").first().waitFor({ state: "attached" });
      await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
      assert.ok(await page.evaluate(isAt, "1"));
    });
  },

  async "rows are picked with keys, one by one and in a range, and fields are reached while the panel is hidden"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, ["first", "second", "third"].map((name) => ({ name: `${name}.txt`, buffer: Buffer.from(`The ${name} of three persimmons.\n`) })));
    for (const name of ["first", "second", "third"]) await see(uploadItem(page, `${name}.txt`).and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.goto(`${url}/?q=persimmons&sort=title`);
    await see(page.locator(".row[aria-posinset='3']"));
    await page.locator(".row a.title").first().click();
    await see(page.getByRole("tab", { name: "Info" }));
    await page.keyboard.press("i");
    await page.locator(".panel").waitFor({ state: "detached" });
    await page.keyboard.press("t");
    await page.waitForFunction(() => document.activeElement?.name === "tags");
    await page.locator(".viewer-head button").first().click();
    await page.locator(".viewer").waitFor({ state: "detached" });
    const focusedRow = (place) => page.waitForFunction((wanted) => document.activeElement?.closest(".row")?.ariaPosInSet === wanted, String(place));
    const selected = (count) => see(page.getByRole("toolbar", { name: `${count} selected` }));
    await focusedRow(1);
    await page.keyboard.press("x");
    await selected(1);
    await page.keyboard.press("Shift+J");
    await focusedRow(2);
    await page.keyboard.press("Shift+J");
    await focusedRow(3);
    await selected(3);
    await page.keyboard.press("Shift+K");
    await selected(2);
    await page.getByRole("button", { name: "Clear the selection" }).click();
    await page.locator(".row input[type=checkbox]").first().click();
    await page.locator(".row input[type=checkbox]").nth(2).click({ modifiers: ["Shift"] });
    await selected(3);
    await page.locator(".row input[type=checkbox]").nth(1).click({ modifiers: ["Shift"] });
    assert.ok(await page.locator(".row input[type=checkbox]").nth(1).isChecked(), "what goes with the rest is shown so");
    await page.keyboard.press("h");
    await see(page.getByRole("dialog", { name: /^Place on hold: 3 documents/ }));
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Clear the selection" }).click();
  },

  async "the command menu leads everywhere, also to a kept list"({ page, service }) {
    service.command("api", "create_saved_view", "name=All persimmons", "parameters=q=persimmons", "--as", credentials.name);
    const command = async (typed, name) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "What do you want to do?" }).fill(typed);
      await see(page.getByRole("option", { name }));
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press("Enter");
    };
    await command("admin: mail", "Admin: Mail");
    await page.waitForURL(/\/admin\/mail$/);
    await command("appearance: dark", "Appearance: Dark");
    await see(page.locator("html[data-theme=dark]"));
    await command("appearance: light", "Appearance: Light");
    await see(page.locator("html[data-theme=light]"));
    await command("as the system", "Appearance: As the system");
    await command("all persimmons", "List: All persimmons");
    await page.waitForURL(/\?q=persimmons$/);
    await see(page.locator(".row mark"));
  },

  async "who sees a document is said, and where that comes from"({ page, url }) {
    await page.goto(`${url}/?q=thirty`);
    await page.locator(".row a.title").first().click();
    await page.getByRole("tab", { name: "Info" }).click();
    await page.getByText("Who can see this, and why").click();
    await see(page.getByText("so the list for everything holds: Everyone."));
    await see(page.locator(".who-sees li", { hasText: /^Everyone/ }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "a correction of a text waits while pages are turned, and asks only when that text was changed by somebody else"({ page, url, service }) {
    await page.goto(url);
    await uploadFiles(page, [{ name: "orchard.pdf", buffer: pdf([["Lease of an orchard", "The mulberries are the tenant's."], ["The second page", "Signed in May."]]) }]);
    await see(uploadItem(page, "orchard.pdf").and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.locator(".row a.title", { hasText: "Lease of an orchard" }).click();
    await page.getByRole("tab", { name: "Text" }).click();
    await page.getByRole("button", { name: "Correct the text" }).click();
    const editor = page.getByRole("textbox", { name: "Correct the text" });
    await editor.fill("Mulberries, written down with care");
    const id = new URL(page.url()).searchParams.get("doc");
    const versionNow = () => JSON.parse(service.command("api", "document", `id=${id}`)).version;
    const shows = (version) => page.waitForFunction((wanted) => document.querySelector(".sheet img")?.src.includes(`v=${wanted}`), version);
    service.command("api", "change_document", `id=${id}`, "document_date=2024-02-29");
    await shows(versionNow());
    assert.equal(await editor.inputValue(), "Mulberries, written down with care");
    await page.getByRole("button", { name: "Next page", exact: true }).click();
    await page.waitForFunction(() => document.querySelector(".page-number")?.value === "2");
    await see(page.getByRole("heading", { name: "Page 1, being corrected" }));
    await page.getByRole("tab", { name: "Info" }).click();
    await page.getByRole("tab", { name: /^Text/ }).click();
    assert.equal(await editor.inputValue(), "Mulberries, written down with care");
    service.command("api", "correct_page_text", `id=${id}`, "page=1", "text=Medlars");
    await shows(versionNow());
    await page.getByRole("button", { name: "Save the text" }).click();
    await see(page.getByRole("button", { name: "Take theirs" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Keep mine" }).click();
    await editor.waitFor({ state: "detached" });
    assert.match(service.command("api", "page_text", `id=${id}`, "page=1"), /Mulberries, written down with care/);
  },

  async "the key for saving saves what is typed, and says so when the server has it"({ page }) {
    const id = new URL(page.url()).searchParams.get("doc");
    await page.getByRole("tab", { name: "Info" }).click();
    const title = page.getByRole("textbox", { name: "Title" });
    await title.fill("Lease, saved by a key");
    await holding(page, `**/api/v1/documents/${id}`, "PATCH", async (answer) => {
      const asked = page.waitForRequest((request) => request.method() === "PATCH");
      await title.press("Control+s");
      await asked;
      const said = page.locator(".toast").getByText("Saved", { exact: true });
      assert.equal(await said.count(), 0, "not before the answer");
      answer();
      await see(said);
    });
    await see(page.locator(".row a.title", { hasText: "Lease, saved by a key" }));
  },

  async "a half-typed title stays when somebody else changes it, and asks"({ page, service }) {
    const id = new URL(page.url()).searchParams.get("doc");
    const title = page.getByRole("textbox", { name: "Title" });
    for (const [answer, kept] of [["Take theirs", "Lease of the other"], ["Keep mine", "Lease of mine"]]) {
      await title.fill("Lease of mine");
      service.command("api", "change_document", `id=${id}`, `title=Lease of the other${answer === "Keep mine" ? " again" : ""}`);
      await see(page.getByRole("button", { name: answer }));
      assert.equal(await title.inputValue(), "Lease of mine");
      await page.getByRole("button", { name: answer }).click();
      await see(page.locator(".row a.title", { hasText: new RegExp(`^${kept}$`) }));
      assert.equal(await title.inputValue(), kept);
    }
  },

  async "what is typed while a save is refused goes with it, and a save that failed is not written over"({ page, service }) {
    const address = new URL(page.url());
    const id = address.searchParams.get("doc");
    const title = page.getByRole("textbox", { name: "Title" });
    const titleNow = () => JSON.parse(service.command("api", "document", `id=${id}`)).title;
    const patches = `**/api/v1/documents/${id}`;
    const answering = async (answer, act) => {
      const handler = (route) => (route.request().method() === "PATCH" ? answer(route) : route.continue());
      await page.route(patches, handler);
      await act();
      await page.unroute(patches, handler);
    };
    await answering((route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ code: "unavailable", title: "Busy", detail: "", status: 503 }) }), async () => {
      await title.fill("Lease that failed");
      await title.press("Enter");
      await see(page.locator(".panel .error"));
    });
    service.command("api", "change_document", `id=${id}`, "title=Lease of the others");
    await see(page.getByRole("button", { name: "Keep mine" }));
    assert.equal(await title.inputValue(), "Lease that failed");
    await title.fill("Lease, typed since");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await see(page.locator(".row a.title", { hasText: /^Lease, typed since$/ }));

    await answering((route) => route.fulfill({ status: 412, contentType: "application/problem+json", body: JSON.stringify({ code: "stale", title: "Stale", detail: "", status: 412 }) }), async () => {
      await title.fill("Lease, refused");
      await title.press("Enter");
      await see(page.getByRole("button", { name: "Keep mine" }));
    });
    await title.fill("Lease of mine");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await see(page.locator(".row a.title", { hasText: /^Lease of mine$/ }));
    assert.equal(titleNow(), "Lease of mine");
  },

  async "a note waits while one looks elsewhere, and the browser asks before it is lost"({ browser, page, url }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const mine = other.page;
      await mine.goto(`${url}/?q=May`);
      await mine.locator(".row a.title", { hasText: "Lease of mine" }).click();
      await mine.getByRole("tab", { name: "Notes" }).click();
      const note = mine.getByRole("textbox", { name: "New note" });
      await note.pressSequentially("Ask the tenant");
      await mine.getByRole("tab", { name: "File" }).click();
      await mine.getByRole("link", { name: "Activity" }).first().click();
      await mine.goBack();
      await mine.getByRole("tab", { name: /^Notes.*not saved yet/ }).click();
      assert.equal(await note.inputValue(), "Ask the tenant");
      const leave = () => mine.evaluate(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
      assert.equal(await leave(), false, "the browser asks");
      await mine.getByRole("button", { name: "Your account" }).click();
      await mine.getByRole("menuitem", { name: "Sign out" }).click();
      await see(mine.getByRole("dialog", { name: "Sign out" }));
      assert.deepEqual(await axeFindings(mine), []);
      await mine.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      let answer = () => undefined;
      const held = new Promise((resolve) => { answer = resolve; });
      await mine.route("**/notes", async (route) => {
        if (route.request().method() === "POST") await held;
        await route.continue();
      });
      const asked = mine.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/notes"));
      await note.press("Control+s");
      await asked;
      await note.press("Control+s");
      await note.pressSequentially(", and the owner");
      answer();
      await see(mine.locator(".note", { hasText: /^Ask the tenant/ }));
      assert.equal(await note.inputValue(), "Ask the tenant, and the owner", "what was typed since stays");
      assert.equal(await mine.locator(".note").count(), 1, "added once");
      await note.fill("");
      assert.equal(await leave(), true, "nothing is left to ask about");
      await mine.getByRole("tab", { name: "Info" }).click();
      await mine.getByRole("textbox", { name: "Title" }).fill("Half a title");
      assert.equal(await leave(), false, "a title that is half typed is asked about");
      await mine.getByRole("textbox", { name: "Title" }).press("Escape");
      assert.equal(await leave(), true);
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "several photographs become one document, on a telephone"({ browser, page, url }) {
    const other = await openPage(browser, { viewport: { width: 320, height: 640 }, storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const phone = other.page;
      await phone.goto(`${url}/scan`);
      const photos = await phone.evaluate(() => [30, 60].map((at) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 800 });
        const pen = canvas.getContext("2d");
        pen.fillStyle = "white";
        pen.fillRect(0, 0, 600, 800);
        pen.fillStyle = "black";
        pen.fillRect(100, at, 200, 8);
        return canvas.toDataURL("image/jpeg").split(",")[1];
      }));
      for (const [index, photo] of photos.entries()) {
        const chooser = phone.waitForEvent("filechooser");
        await phone.getByRole("button", { name: index === 0 ? "Photograph a page" : "Photograph the next page" }).click();
        await (await chooser).setFiles({ name: `receipt ${index + 1}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(photo, "base64") });
        await see(phone.getByText(`Page ${index + 1}: receipt ${index + 1}.jpg`));
      }
      const drawn = (tile) => phone.waitForFunction((number) => document.querySelectorAll(".organiser li img")[number]?.naturalWidth === 600, tile);
      await drawn(1);
      await phone.getByRole("button", { name: "Page 2 earlier" }).click();
      await see(phone.getByText("Page 1: receipt 2.jpg"));
      await phone.getByRole("button", { name: "Turn Page 1", exact: true }).click();
      await see(phone.locator('.organiser li:first-child img[style*="rotate(90deg)"]'));
      await phone.getByRole("button", { name: "Leave page 2 out" }).click();
      await phone.getByText("Page 2: receipt 1.jpg").waitFor({ state: "detached" });
      await phone.locator(".toast", { hasText: "is left out" }).getByRole("button", { name: "Undo" }).click();
      await see(phone.getByText("Page 2: receipt 1.jpg"));
      assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "nothing is wider than the telephone");
      assert.deepEqual(await axeFindings(phone), []);
      await phone.getByRole("link", { name: "Documents" }).first().click();
      await see(phone.locator(".row"));
      await phone.getByRole("link", { name: "Scan" }).first().click();
      await see(phone.getByText("Page 2: receipt 1.jpg"));
      await drawn(0);
      await phone.getByRole("button", { name: "File 2 pages as one document" }).click();
      const item = uploadItem(phone, "receipt 2.pdf");
      await see(item.and(phone.locator("[data-state=filed]")));
      await see(phone.getByRole("button", { name: "Photograph a page" }));
      const id = new URL(await item.getByRole("link").getAttribute("href"), url).searchParams.get("doc");
      const kept = await phone.evaluate(async (document) => (await fetch(`/api/v1/documents/${document}`)).json(), id);
      assert.equal(kept.page_count, 2);
      const words = await phone.evaluate(async (document) => (await fetch(`/api/v1/documents/${document}/pages/1/words`)).json(), id);
      assert.ok(words.width > words.height, "the first page lies as it was turned");
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "a group, a rule, a workflow and a note that were deleted come back from the toast"({ page, url, service }) {
    const make = (...words) => JSON.parse(service.command("api", ...words, "--as", credentials.name));
    const tag = make("create_tag", "name=Kumquat").id;
    const group = make("create_group", "name=Pickers").id;
    const { items: [account] } = make("accounts", `q=${credentials.name}`, "limit=1");
    service.command("api", "add_member", `id=${group}`, `account=${account.id}`, "--as", credentials.name);
    make("create_filing_rule", "field=tag", `value=${tag}`, "kind=all", "text=kumquat crate");
    make("create_workflow", "name=Mark crates", "query=crate", `actions=[{"kind":"set","tag_ids":[${tag}]}]`);
    const deletes = async (tab, name, kept) => {
      await page.goto(`${url}/admin/${tab}`);
      await see(page.getByText(kept));
      await page.getByRole("button", { name: `Delete ${name}` }).click();
      await page.getByText(kept).waitFor({ state: "detached" });
      await page.locator(".toast", { hasText: `“${name}” is deleted` }).getByRole("button", { name: "Undo" }).click();
      await see(page.getByText(kept));
    };
    await deletes("groups", "Pickers", /^1 member: /);
    await deletes("rules", "Kumquat", "kumquat crate");
    await deletes("workflows", "Mark crates", /\(crate\): /);
    await page.goto(`${url}/?q=thirty`);
    await page.locator(".row a.title").first().click();
    await page.getByRole("tab", { name: /^Notes/ }).click();
    await page.getByRole("textbox", { name: "New note" }).fill("Count the crates");
    await page.getByRole("button", { name: "Add note" }).click();
    const note = page.locator(".note", { hasText: "Count the crates" });
    await see(note);
    await note.getByRole("button", { name: "Remove this note" }).click();
    await note.waitFor({ state: "detached" });
    await page.locator(".toast", { hasText: "The note is deleted." }).getByRole("button", { name: "Undo" }).click();
    await see(note);
  },

  async "a text full of markup is shown as it is written"({ page, url }) {
    const markup = "<img src=x onerror=alert(1)> <b>quince</b> <script>alert(2)</script>";
    await page.goto(url);
    await uploadFiles(page, [{ name: "markup.pdf", buffer: pdf([["Quinces", markup]]) }]);
    await see(uploadItem(page, "markup.pdf").and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await page.goto(`${url}/?q=onerror`);
    await page.locator(".row:has(mark) a.title").first().click();
    await see(page.locator(".hit-box.current"));
    await page.getByRole("tab", { name: "Text" }).click();
    await see(page.locator(".page-text", { hasText: markup }));
    assert.equal(await page.locator(".row b, .page-text b, .text-layer b, img[src=x], main script").count(), 0);
  },

  async "a screen that comes late does not take the focus from a menu"({ browser, page, url }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const mine = other.page;
      await mine.goto(url);
      await see(mine.locator(".row a.title").first());
      let answer;
      const held = new Promise((resolve) => { answer = resolve; });
      await mine.route("**/assets/activity-*.js", async (route) => { await held; await route.continue(); });
      await mine.getByRole("link", { name: "Activity" }).first().click();
      await mine.getByRole("button", { name: "Your account" }).click();
      await see(mine.locator("[role=menu] :focus"));
      answer();
      await see(mine.getByRole("heading", { name: "Activity", level: 1 }));
      await mine.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
      assert.equal(await mine.evaluate(() => document.activeElement?.closest("[role=menu]") !== null), true);
    } finally {
      await other.context.close();
    }
  },

  async "a part of the page that cannot be loaded says so, and is tried again"({ browser, page, url }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const mine = other.page;
      await mine.goto(url);
      await see(mine.locator(".row a.title").first());
      const scripts = "**/assets/*.js";
      await mine.route(scripts, (route) => route.abort());
      await mine.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await see(mine.locator(".toast", { hasText: "could not be loaded" }));
      await mine.getByRole("link", { name: "Activity" }).first().click();
      await see(mine.locator("main").getByText("This part of the page could not be loaded."));
      await mine.unroute(scripts);
      await mine.locator("main").getByRole("button", { name: "Try again" }).click();
      await see(mine.getByRole("heading", { name: "Activity", level: 1 }));
      await mine.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await see(mine.getByRole("dialog"));
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "the page can be installed as an application"({ page }) {
    const inspector = await page.context().newCDPSession(page);
    const { url: manifest, errors } = await inspector.send("Page.getAppManifest");
    assert.match(manifest, /\/manifest\.webmanifest$/);
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await inspector.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
    await inspector.detach();
  },

  async "a session that ends takes nothing along that was not saved yet"({ browser, page, url }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const mine = other.page;
      await mine.goto(`${url}/?q=thirty&tab=text`);
      await mine.locator(".row a.title").first().click();
      await mine.getByRole("tab", { name: "Text" }).click();
      await mine.getByRole("button", { name: "Correct the text" }).click();
      const editor = mine.getByRole("textbox", { name: "Correct the text" });
      await editor.fill("Thirty kumquats, written down with care");
      await mine.context().clearCookies();
      await mine.getByRole("button", { name: "Save the text" }).click();
      await see(mine.getByRole("heading", { name: "Sign in" }));
      await see(mine.getByText(/session/i));
      assert.deepEqual(await axeFindings(mine), []);
      await mine.keyboard.press("Escape");
      await mine.getByLabel("User name").fill(credentials.name);
      await mine.getByLabel("Password").fill(credentials.password);
      await mine.getByRole("button", { name: "Sign in" }).click();
      await mine.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });
      assert.equal(await editor.inputValue(), "Thirty kumquats, written down with care");
      await mine.getByRole("button", { name: "Save the text" }).click();
      await see(mine.getByText("Corrected by a person"));
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },
};
