// What goes wrong and is put right: passwords, conflicts, broken connections, restarts. The steps build on an archive
// that has an account (flows/archive.mjs).
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axeFindings, holding, openPage, see, seeAt, uploadFiles, uploadItem } from "../support/browser.mjs";
import { cuttingProxy } from "../support/cutting_proxy.mjs";
import { encrypted, noise, pdf } from "../support/files.mjs";
import { credentials } from "./archive.mjs";

const filePassword = "sesame";

async function giveFilePassword(form, password) {
  await form.getByLabel(/^Password for /).fill(password);
  await form.getByRole("button", { name: "Unlock" }).click();
}

export const steps = {
  async "an encrypted file is unlocked with its password, a wrong one is told"({ page, url }) {
    await page.goto(url);
    await uploadFiles(page, [{ name: "secret.pdf", buffer: encrypted(filePassword) }]);
    const item = uploadItem(page, "secret.pdf");
    await see(item.and(page.locator("[data-state=needs-password]")));
    await giveFilePassword(item, "open");
    await see(item.getByRole("alert"));
    assert.deepEqual(await axeFindings(page), []);
    await giveFilePassword(item, filePassword);
    await see(item.and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
  },

  async "after a restart the password is asked for again, and the pages come back"({ page, service }) {
    await service.restart();
    await page.goto(`${service.url}/?q=combination`);
    await page.locator(".row a.title", { hasText: "The combination" }).click();
    const notice = page.locator(".viewer-note");
    await see(notice.getByText("give the password again"));
    assert.deepEqual(await axeFindings(page), []);
    await giveFilePassword(notice, "open");
    await see(notice.getByRole("alert"));
    await giveFilePassword(notice, filePassword);
    await page.waitForFunction(() => { const image = document.querySelector(".sheet img"); return image?.complete && image.naturalWidth > 0; });
    await see(page.locator(".hit-box.current"));
  },

  async "who loses a race may keep either version"({ page, service }) {
    const token = service.command("token", "create", credentials.name);
    const id = Number(new URL(page.url()).searchParams.get("doc"));
    const address = `/api/v1/documents/${id}`;
    const change = async (title) => {
      const headers = { Authorization: `Bearer ${token}` };
      const etag = (await fetch(service.url + address, { headers })).headers.get("ETag");
      const answer = await fetch(service.url + address, {
        method: "PATCH", headers: { ...headers, "If-Match": etag, "Content-Type": "application/merge-patch+json" }, body: JSON.stringify({ title }),
      });
      assert.equal(answer.status, 200);
    };
    const field = page.getByRole("textbox", { name: "Title" });
    const lose = async (mine, theirs) => {
      // Somebody else's change arrives while ours is on its way.
      let others = 0;
      const beFaster = async (route) => {
        if (route.request().method() === "PATCH" && others++ === 0) await change(theirs);
        await route.continue();
      };
      await page.route(`**${address}`, beFaster);
      await field.fill(mine);
      await field.press("Enter");
      await see(page.getByRole("button", { name: "Keep mine" }));
      await page.unroute(`**${address}`, beFaster);
    };
    await lose("Mine", "Theirs");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Keep mine" }).click();
    await see(page.locator(".row a.title", { hasText: /^Mine$/ }));
    await lose("Mine again", "Theirs again");
    await page.getByRole("button", { name: "Take theirs" }).click();
    await see(page.locator(".row a.title", { hasText: /^Theirs again$/ }));
    assert.equal(await field.inputValue(), "Theirs again");
  },

  async "a refused event stream is asked for again"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      let asked = 0;
      let goOn;
      const seen = new Promise((resolve) => { goOn = resolve; });
      await other.page.route("**/api/v1/events?*", async (route) => {
        if (asked++ === 0) return route.fulfill({ status: 503 });
        await seen;
        return route.continue();
      });
      await other.page.goto(service.url);
      await see(other.page.locator(".offline"));
      await other.page.locator(".row a.title").first().click(); // the notice is not in the way
      goOn();
      await other.page.locator(".offline").waitFor({ state: "detached" });
      assert.ok(asked > 1);
    } finally {
      await other.context.close();
    }
  },

  async "news from before the event stream was open is not missed"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      let begin;
      const asked = new Promise((resolve) => {
        void other.page.route("**/api/v1/events?*", (route) => { begin ??= () => route.continue(); resolve(); });
      });
      await other.page.goto(`${service.url}/?q=lapwings`);
      await see(other.page.locator(".results .empty"));
      await asked;
      const folder = await mkdtemp(join(tmpdir(), "muniment-news-"));
      await writeFile(join(folder, "birds.txt"), "Lapwings by the pond.\n");
      service.command("ingest", "--wait", folder);
      await rm(folder, { recursive: true });
      await begin();
      await see(other.page.locator(".row"));
    } finally {
      await other.context.close();
    }
  },

  async "a document is left with a key while it is still loading"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      await other.page.goto(service.url);
      await see(other.page.locator(".row"));
      await other.page.route(/\/api\/v1\/documents\/\d+$/, () => undefined); // no answer
      const first = other.page.locator(".row a.title").first();
      await first.click();
      await see(other.page.locator(".row.current"));
      await other.page.keyboard.press("Escape");
      await other.page.locator(".row.current").waitFor({ state: "detached" });
      await other.page.waitForFunction(() => document.activeElement?.matches(".row a.title"));
    } finally {
      await other.context.close();
    }
  },

  async "keys pressed while a dialog is being loaded are not for the page"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      await holding(other.page, "**/assets/help_dialog-*.js", "GET", async (load) => {
        await other.page.goto(service.url);
        await other.page.locator(".row a.title").first().click();
        await see(other.page.getByRole("textbox", { name: "Title" }));
        await other.page.locator(".pages").focus();
        await other.page.keyboard.press("?");
        await other.page.keyboard.press("#");
        await see(other.page.getByRole("dialog", { name: "Loading" }));
        load();
        await see(other.page.getByRole("dialog", { name: "Keyboard shortcuts" }));
      });
      await other.page.keyboard.press("Escape");
      await other.page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await other.page.locator(".toast").count(), 0, "the document is not in the trash");
      await see(other.page.locator(".viewer .pages"));
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "a step past the last hit is taken once it is known that it is the last"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      await holding(other.page, "**/api/v1/documents/*/hits?*", "GET", async (count) => {
        await other.page.goto(`${service.url}/?q=thirty`);
        await other.page.locator(".row a.title", { hasText: "Lease" }).click();
        const told = other.page.getByText(/^1 of \d+ hits$/);
        await see(told);
        await other.page.waitForFunction(() => document.querySelectorAll(".sheet .text-layer").length >= 2);
        const all = Number(/of (\d+)/.exec(await told.textContent())?.[1]);
        const { searchParams } = new URL(other.page.url());
        for (let at = 2; at <= all; at += 1) {
          await other.page.keyboard.press("n");
          await see(other.page.getByText(`${at} of ${all} hits`, { exact: true }));
        }
        await other.page.keyboard.press("n");
        count();
        await other.page.waitForURL((now) => now.searchParams.get("doc") !== searchParams.get("doc"));
      });
    } finally {
      await other.context.close();
    }
  },

  async "a restart of the service leaves the page and what is being written in it as they are"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const mine = other.page;
      await mine.goto(service.url);
      await uploadFiles(mine, [{ name: "bees.pdf", buffer: pdf([["On bees", "The hives stand by the orchard."]]) }]);
      await see(uploadItem(mine, "bees.pdf").and(mine.locator("[data-state=filed]")));
      await mine.getByRole("button", { name: "Clear what is done" }).click();
      await mine.locator(".row a.title", { hasText: "On bees" }).click();
      await mine.getByRole("tab", { name: "Text" }).click();
      await mine.getByRole("button", { name: "Correct the text" }).click();
      const editor = mine.getByRole("textbox", { name: "Correct the text" });
      await editor.fill("The hives stand by the mill.");
      let visits = 0;
      mine.on("framenavigated", () => { visits += 1; });
      await service.end();
      await see(mine.locator(".offline"));
      await mine.getByRole("button", { name: "Save the text" }).click();
      await see(mine.locator(".panel").getByText("The service does not answer. Check the connection and try again."));
      assert.equal(await editor.inputValue(), "The hives stand by the mill.");
      await service.run(new URL(service.url).host);
      await mine.locator(".offline").waitFor({ state: "detached" });
      await mine.getByRole("button", { name: "Save the text" }).click();
      await see(mine.getByText("Corrected by a person"));
      await see(mine.locator(".page-text", { hasText: "by the mill" }));
      assert.equal(visits, 0, "the page was not loaded anew");
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "an upload goes on where a broken connection left it"({ browser, page, service }) {
    // Chromium itself repeats what was cut on a connection that it had used before; then the page has nothing to do.
    for (let attempt = 1; ; attempt += 1) {
      const offsets = await offsetsOfACutUpload({ browser, page, service, name: `large ${attempt}.bin` });
      if (offsets.length > 1 || attempt === 5) return assert.ok(offsets.at(-1) > 0 && offsets.at(-1) < cutSize, `sent from ${offsets}`);
    }
  },

  async "many files are chosen at once, and a reload says how many of them were not sent"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      const tray = other.page.locator(".tray");
      await other.page.route("**/api/v1/uploads", () => undefined); // nothing is taken
      await other.page.goto(service.url);
      await uploadFiles(other.page, Array.from({ length: 703 }, (_, number) => ({ name: `slip ${number}.txt`, buffer: Buffer.from(`Slip ${number}`) })));
      await see(tray.getByText("Uploads: 0 of 703 done"));
      await see(uploadItem(other.page, "slip 0.txt"));
      const drawn = () => tray.locator(".tray-item").count();
      assert.ok(await drawn() < 100, `${await drawn()} lines are drawn`);
      await tray.locator("ul").evaluate((list) => { list.scrollTop = list.scrollHeight; });
      await see(uploadItem(other.page, "slip 702.txt"));
      assert.ok(await drawn() < 100, `${await drawn()} lines are drawn`);
      await other.page.reload();
      await see(tray.getByText("Uploads: 0 of 500 done"));
      await see(tray.getByText("203 more were not sent."));
      assert.deepEqual(await axeFindings(other.page), []);
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },

  async "a folder and a file are dropped anywhere on the page"({ page, url }) {
    const folder = await mkdtemp(join(tmpdir(), "muniment-drop-"));
    try {
      await mkdir(join(folder, "quinces"));
      for (const name of ["quinces/jelly.txt", "quinces/paste.txt", "medlars.txt"]) await writeFile(join(folder, name), `On ${name}.\n`);
      await page.goto(url);
      await see(page.getByRole("button", { name: "Upload" }));
      const browsers = await page.context().newCDPSession(page);
      const data = { items: [], files: ["quinces", "medlars.txt"].map((name) => join(folder, name)), dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"]) await browsers.send("Input.dispatchDragEvent", { type, x: 700, y: 400, data });
      for (const name of ["jelly.txt", "paste.txt", "medlars.txt"]) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
    } finally {
      await rm(folder, { recursive: true });
    }
  },

  async "what was uploaded runs no script in the archive's name"({ browser, page, service }) {
    const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
    try {
      await other.page.goto(service.url);
      const script = "<script>document.title = 'it ran'; fetch('/it-ran')</script>";
      const files = { "page.html": `<!doctype html>${script}<p>quinces`, "picture.svg": `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>` };
      await uploadFiles(other.page, Object.entries(files).map(([name, text]) => ({ name, buffer: Buffer.from(text) })));
      let ran = false;
      other.page.on("request", (request) => { ran ||= request.url().endsWith("/it-ran"); });
      const ids = [];
      for (const name of Object.keys(files)) {
        const item = uploadItem(other.page, name);
        await see(item.and(other.page.locator("[data-state=filed]")));
        ids.push(new URL(await item.getByRole("link").getAttribute("href"), service.url).searchParams.get("doc"));
      }
      for (const id of ids) {
        for (const form of ["original", "archive?inline=1", "text"]) {
          const frame = `/api/v1/documents/${id}/${form}`;
          // As a page of its own: most are offered as a download, which ends the navigation.
          await other.page.goto(service.url + frame).catch((error) => { if (!/ERR_ABORTED|Download is starting/.test(error.message)) throw error; });
          assert.notEqual(await other.page.title(), "it ran");
        }
      }
      assert.equal(ran, false);
    } finally {
      await other.context.close();
    }
  },

  async "everyday work is done over plain HTTP by the machine's name"({ browser, service }) {
    const other = await openPage(browser);
    try {
      const name = "over plain HTTP.pdf";
      await other.page.goto(`http://archive.test:${new URL(service.url).port}/`);
      await other.page.getByLabel("User name").fill(credentials.name);
      await other.page.getByLabel("Password").fill(credentials.password);
      await other.page.getByRole("button", { name: "Sign in" }).click();
      await see(other.page.locator(".row"));
      await other.page.reload();
      await see(other.page.locator(".row"));
      assert.equal(await other.page.evaluate(() => window.isSecureContext), false, "so that there is no clipboard for scripts");
      await uploadFiles(other.page, [{ name, buffer: pdf([["Sent over plain HTTP", "Nothing of it is secret."]]) }]);
      await see(uploadItem(other.page, name).and(other.page.locator("[data-state=filed]")));
      await uploadItem(other.page, name).getByRole("link", { name: "Open" }).click();
      await see(other.page.getByRole("textbox", { name: "Title" }));
      await other.page.locator(".pages").focus();
      await other.page.keyboard.press("l");
      await see(other.page.getByText("Copied"));
      await other.page.keyboard.press("#");
      const restored = other.page.waitForResponse((response) => response.url().endsWith("/restore"));
      await other.page.getByRole("button", { name: "Undo" }).click();
      await restored;
      await seeAt(other.page, `http://archive.test:${new URL(service.url).port}/?q=plain+secret`, other.page.locator(".row mark"));
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
  },
};

const cutSize = 3_000_000;

/** From where the parts of an upload were sent whose connection was cut in the middle. */
async function offsetsOfACutUpload({ browser, page, service, name }) {
  const proxy = await cuttingProxy(service.url, cutSize / 2);
  const other = await openPage(browser, { storageState: { ...(await page.context().storageState()), origins: [] } });
  try {
    const offsets = [];
    other.page.on("request", (request) => {
      if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
    });
    await other.page.goto(proxy.url);
    await uploadFiles(other.page, [{ name, buffer: Buffer.concat([Buffer.from(name), noise(cutSize - name.length)]) }]);
    await see(uploadItem(other.page, name).and(other.page.locator("[data-state=filed]")));
    assert.equal(proxy.cuts(), 1);
    assert.equal(offsets[0], 0);
    assert.deepEqual(other.problems, []);
    return offsets;
  } finally {
    await other.context.close();
    proxy.close();
  }
}
