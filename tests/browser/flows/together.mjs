// What people do with each other: links for outsiders, a second factor, following, workflows that ask for approval. In an
// archive that is empty but for its first account.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axeFindings, dialog, openPage, see, seeAt, uploadFiles, uploadItem } from "../support/browser.mjs";
import { lease } from "../support/files.mjs";
import { credentials } from "./archive.mjs";

const linkPassword = "quinces and kumquats";

/** The six digits of RFC 6238 for a key in base 32. */
function totp(secret, now = Date.now()) {
  const bits = [...secret.replace(/\W/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signOut(page) {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await see(page.getByRole("heading", { name: "Sign in" }));
}

async function signIn(page, { name, password }, code) {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  if (code) {
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await see(page.getByRole("button", { name: "Your account" }));
}

async function openLease(page, url) {
  await page.goto(`${url}/?q=Storgatan`);
  await page.locator(".row a.title").first().click();
  await see(page.getByRole("tab", { name: "File" }));
}

export const steps = {
  async "a link with a password opens for somebody without an account, once"({ browser, page, url }) {
    await uploadFiles(page, [{ name: "lease.pdf", buffer: lease }]);
    await see(uploadItem(page, "lease.pdf").and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    await openLease(page, url);
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("button", { name: "Share by a link" }).click();
    await dialog(page).getByLabel("For whom or what").fill("The tenant");
    await dialog(page).getByLabel("Password").fill(linkPassword);
    await dialog(page).getByLabel("Downloads at most").fill("1");
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Make the link" }).click();
    const link = await page.locator("[data-link]").textContent();
    await page.keyboard.press("Escape");
    const outsider = await openPage(browser);
    try {
      await outsider.page.goto(link);
      await see(outsider.page.getByText("Enter the password that you were given."));
      assert.equal(await outsider.page.getByText("Lease").count(), 0, "nothing is told before the password");
      assert.deepEqual(await axeFindings(outsider.page), []);
      await outsider.page.getByLabel("Password").fill(linkPassword);
      await outsider.page.keyboard.press("Enter");
      const download = outsider.page.waitForEvent("download");
      await outsider.page.getByRole("button", { name: "Download the original" }).click();
      assert.equal((await download).suggestedFilename(), "lease.pdf");
      await outsider.page.goto(link);
      await see(outsider.page.getByText("There is nothing at this link"));
      assert.deepEqual(outsider.problems, []);
    } finally {
      await outsider.context.close();
    }
  },

  async "a link ends on its day, and when it is revoked"({ browser, page, url, service }) {
    const document = new URL(page.url()).searchParams.get("doc");
    const make = (ends) => JSON.parse(service.command("api", "create_share_link", `id=${document}`, "files=original", `expires_at=${ends.toISOString()}`, "--as", credentials.name));
    const long = make(new Date(Date.now() + 3_600_000));
    const outsider = await openPage(browser);
    const open = outsider.page.getByRole("button", { name: "Download the original" });
    const nothing = outsider.page.getByText("There is nothing at this link");
    try {
      await outsider.page.goto(url + long.path);
      await see(open);
      let short = null;
      for (let life = 2000; ; life *= 2) { // as short as this machine is quick enough to open it
        short = make(new Date(Date.now() + life));
        await outsider.page.goto(url + short.path);
        await see(open.or(nothing));
        if (await open.count()) break;
      }
      await seeAt(outsider.page, url + short.path, nothing);
      await page.goto(`${url}/shared`);
      await page.getByRole("button", { name: `Revoke the link Link ${long.id}` }).click();
      await dialog(page).getByRole("button", { name: "Revoke" }).click();
      await see(page.getByText("Revoked"));
      await outsider.page.goto(url + long.path);
      await see(nothing);
      assert.deepEqual(outsider.problems, []);
    } finally {
      await outsider.context.close();
    }
  },

  async "who follows a document hears of what another person does to it"({ browser, page, url, service }) {
    await openLease(page, url);
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await see(page.getByRole("button", { name: "Do not follow any more" }));
    service.command("api", "create_account", "name=bo", "display_name=Bo Ek", "role=staff", `password=${credentials.password}`);
    const other = await openPage(browser);
    try {
      await other.page.goto(url);
      await signIn(other.page, { ...credentials, name: "bo" });
      await openLease(other.page, url);
      const title = other.page.getByRole("textbox", { name: "Title" });
      await title.fill("Lease with Bo's mark");
      await title.press("Enter");
      await see(other.page.locator(".saving.ok"));
      assert.deepEqual(other.problems, []);
    } finally {
      await other.context.close();
    }
    await page.goto(`${url}/notifications`);
    await see(page.getByText("Bo Ek").first());
    await see(page.getByRole("link", { name: "Lease with Bo's mark" }));
    assert.deepEqual(await axeFindings(page), []);
    const byMail = page.getByRole("button", { name: "By mail", exact: true });
    await byMail.click();
    await dialog(page).getByRole("checkbox", { name: "Send me notifications by mail too" }).check();
    await dialog(page).getByRole("button", { name: "Save", exact: true }).click();
    await see(dialog(page).getByText("needs an address"));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByLabel("Mail address").fill("anna@example.org");
    await dialog(page).getByRole("button", { name: "Save", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    await byMail.click();
    await see(dialog(page).getByRole("checkbox", { name: "Send me notifications by mail too", checked: true }));
    await page.keyboard.press("Escape");
  },

  async "who follows a saved list hears of a new document that it finds"({ page, url, service }) {
    await page.goto(`${url}/?q=harbour`);
    await page.getByRole("button", { name: "Keep this list" }).click();
    await dialog(page).getByLabel("Name").fill("The harbour");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    const follow = page.getByRole("button", { name: "Tell me of new documents in The harbour" });
    await follow.click();
    await see(follow.and(page.locator("[aria-pressed=true]")));
    assert.deepEqual(await axeFindings(page), []);
    const folder = await mkdtemp(join(tmpdir(), "muniment-harbour-"));
    await writeFile(join(folder, "quay.txt"), "The harbour gets a new quay.\n");
    service.command("ingest", "--wait", folder);
    await rm(folder, { recursive: true });
    const told = page.getByText("New in a list that you follow: The harbour");
    await seeAt(page, `${url}/notifications`, told);
    await see(page.getByRole("link", { name: "quay" }));
    await page.goto(`${url}/`);
    await follow.click();
    await see(follow.and(page.locator("[aria-pressed=false]")));
  },

  async "a workflow is tried without effect, then waits for approval and goes on"({ page, url }) {
    await page.goto(`${url}/admin/workflows`);
    await page.getByRole("button", { name: "New workflow" }).click();
    await dialog(page).getByLabel("Name").fill("Mark what comes in");
    await dialog(page).getByLabel("Only documents that this search finds").fill("premises");
    await dialog(page).getByLabel("What is done").selectOption("mail");
    await dialog(page).getByRole("combobox", { name: "To people and groups" }).click();
    await page.getByRole("option", { name: "Anna Berg" }).click();
    await see(dialog(page).getByRole("button", { name: "Remove Anna Berg", exact: true }));
    await dialog(page).getByLabel("What is done").selectOption("approve");
    await dialog(page).getByRole("combobox", { name: "Who is asked" }).click();
    await page.getByRole("option", { name: "Anna Berg" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Try it Mark what comes in" }).click();
    await see(dialog(page).getByText(/The query finds 1 documents/));
    await page.keyboard.press("Escape");
    await uploadFiles(page, [{ name: "premises.txt", buffer: Buffer.from("The premises are let from May.\n") }]);
    await see(uploadItem(page, "premises.txt").and(page.locator("[data-state=filed]")));
    await page.getByRole("button", { name: "Clear what is done" }).click();
    const approve = page.getByRole("button", { name: /^Approve / });
    await seeAt(page, `${url}/activity`, approve); // the workflow runs when the document is found
    assert.deepEqual(await axeFindings(page), []);
    await approve.click();
    await approve.waitFor({ state: "detached" });
    await page.goto(`${url}/admin/workflows`);
    await page.getByRole("button", { name: "Log Mark what comes in" }).click();
    await see(dialog(page).getByText("Done", { exact: true }));
    await page.keyboard.press("Escape");
  },

  async "signing in asks for a code once that is set up, and a recovery code does instead"({ page, url }) {
    await page.goto(`${url}/you`);
    await page.getByRole("button", { name: "Set it up" }).click();
    await dialog(page).getByLabel("Your password").fill(credentials.password);
    await dialog(page).getByRole("button", { name: "Set it up" }).click();
    const secret = await dialog(page).locator("code.secret").textContent();
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("textbox", { name: "Code" }).fill(totp(secret));
    await dialog(page).getByRole("button", { name: "Turn it on" }).click();
    await see(page.locator("[data-recovery] code"));
    const recovery = await page.locator("[data-recovery] code").allTextContents();
    assert.equal(recovery.length, 10);
    await page.getByRole("button", { name: "I have kept them" }).click();
    await see(page.getByText("10 recovery codes are left"));
    await signOut(page);
    await signIn(page, credentials, totp(secret, Date.now() + 30_000)); // no code is taken twice; the next one is good already
    await signOut(page);
    await signIn(page, credentials, recovery[3]);
    await page.goto(`${url}/you`);
    await see(page.getByText("9 recovery codes are left"));
  },
};
