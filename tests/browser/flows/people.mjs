// What everybody can do for themselves, whatever their role: password, sessions, language. In an archive that is empty but
// for its first account.
import assert from "node:assert/strict";
import { axeFindings, dialog, holding, openPage, see } from "../support/browser.mjs";
import { credentials } from "./archive.mjs";

const newPassword = "another long enough password";

export async function signIn(page, url, { name, password }) {
  await page.goto(url);
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await see(page.getByRole("button", { name: /^(Your account|Ditt konto)$/ }));
}

/** In a browser of its own, for as long as `act` lasts. */
export async function elsewhere(browser, act, options = {}) {
  const other = await openPage(browser, options);
  try {
    await act(other.page);
    assert.deepEqual(other.problems, []);
  } finally {
    await other.context.close();
  }
}

async function changePassword(page, from, to) {
  await page.getByRole("button", { name: "Change the password" }).click();
  await dialog(page).getByLabel("Present password").fill(from);
  await dialog(page).getByLabel("New password", { exact: true }).fill(to);
  await dialog(page).getByLabel("New password again").fill(to);
  await dialog(page).getByRole("button", { name: "Change the password" }).click();
}

/** A tar file of texts by their paths. */
function tar(files) {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(`0000644\0${"0000000\0".repeat(2)}${content.length.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0        0`, 100);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const steps = {
  async "one sees where one is signed in, and signs out there"({ browser, page, url }) {
    await elsewhere(browser, async (other) => {
      await signIn(other, url, credentials);
      await page.goto(url);
      await page.getByRole("button", { name: "Your account" }).click();
      await page.getByRole("menuitem", { name: "You and your settings" }).click();
      await see(page.getByText("This browser"));
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole("button", { name: /^Sign out there: / }).click();
      await page.getByRole("button", { name: /^Sign out there: / }).waitFor({ state: "detached" });
      await other.reload();
      await see(other.getByRole("heading", { name: "Sign in" }));
    });
  },

  async "one changes one's own password, which ends every other session"({ browser, page, url }) {
    await elsewhere(browser, async (other) => {
      await signIn(other, url, credentials);
      await page.goto(`${url}/you`);
      await changePassword(page, "not the present password", newPassword);
      await see(dialog(page).locator(".field .error"));
      assert.deepEqual(await axeFindings(page), []);
      await dialog(page).getByLabel("Present password").fill(credentials.password);
      await dialog(page).getByLabel("New password again").fill(`${newPassword}!`);
      assert.equal(await dialog(page).getByRole("button", { name: "Change the password" }).isDisabled(), true);
      await dialog(page).getByLabel("New password again").fill(newPassword);
      await dialog(page).getByRole("button", { name: "Change the password" }).click();
      await dialog(page).waitFor({ state: "detached" });
      await see(page.getByText("This browser"));
      await other.reload();
      await signIn(other, url, { ...credentials, password: newPassword });
    });
    await changePassword(page, newPassword, credentials.password); // with the token that came with the new session
    await dialog(page).waitFor({ state: "detached" });
  },

  async "a token is made for what its program does, and does no more"({ page, url }) {
    await page.goto(`${url}/you`);
    await page.getByRole("button", { name: "New token" }).click();
    await dialog(page).getByLabel("What is it for?").fill("the copier");
    await dialog(page).getByLabel("Search and read documents").uncheck();
    await dialog(page).getByLabel(/^Change what is said/).check();
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(dialog(page).locator(".error", { hasText: "Add read, or leave nothing but add" }));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByLabel(/^Change what is said/).uncheck();
    await dialog(page).getByLabel("Add documents").check();
    await dialog(page).getByRole("button", { name: "Save" }).click();
    const secret = await dialog(page).locator("[data-token]").textContent();
    await page.keyboard.press("Escape");
    await see(page.locator(".card", { hasText: "the copier" }).getByText("Add documents"));
    const answer = await fetch(`${url}/api/v1/documents`, { headers: { Authorization: `Bearer ${secret}` } });
    assert.equal(answer.status, 403);
    await page.getByRole("button", { name: "Revoke the copier" }).click();
    await dialog(page).getByRole("button", { name: "Revoke" }).click();
    await page.locator(".card", { hasText: "the copier" }).waitFor({ state: "detached" });
  },

  async "the account keeps name and language of the page, wherever one signs in"({ browser, page, url }) {
    await page.goto(`${url}/you`);
    await page.getByRole("button", { name: "Change your name" }).click();
    await dialog(page).getByLabel("Your name").fill("Anna Berg-Ek");
    await holding(page, "**/api/v1/account", "PATCH", async (answer) => {
      const asked = page.waitForRequest((request) => request.method() === "PATCH");
      await dialog(page).getByRole("button", { name: "Save" }).click();
      await asked;
      for (let press = 0; press < 2; press += 1) await page.keyboard.press("Escape"); // the second is not the page's to refuse
      await see(dialog(page)); // for as long as it is being saved
      answer();
      await dialog(page).waitFor({ state: "detached" });
    });
    await see(page.getByText("Anna Berg-Ek"));
    const kept = () => page.waitForResponse((response) => response.request().method() === "PATCH" && response.ok());
    const swedish = kept();
    await page.getByRole("combobox", { name: "Language" }).selectOption("sv");
    await swedish;
    await see(page.getByRole("heading", { name: "Där du är inloggad" }));
    await page.getByRole("button", { name: "Ditt konto" }).click();
    await see(page.getByRole("menu").getByText("Anna Berg-Ek"));
    await page.keyboard.press("Escape");
    await elsewhere(browser, async (other) => {
      await signIn(other, url, credentials);
      await see(other.getByRole("button", { name: "Ditt konto" }));
      assert.equal(await other.locator("html").getAttribute("lang"), "sv");
    });
    await page.getByRole("button", { name: "Byt lösenord" }).click();
    await dialog(page).getByLabel("Nuvarande lösenord").fill(credentials.password);
    for (const label of ["Nytt lösenord", "Nytt lösenord igen"]) await dialog(page).getByLabel(label, { exact: true }).fill("password1234");
    await dialog(page).getByRole("button", { name: "Byt lösenord" }).click();
    await see(dialog(page).locator(".field .error", { hasText: "Det här lösenordet är snart gissat: vanliga ord" }));
    await page.keyboard.press("Escape");
    const english = kept();
    await page.getByRole("combobox", { name: "Språk" }).selectOption("en");
    await english;
    await see(page.getByRole("heading", { name: "Where you are signed in" }));
  },

  async "the archive is checked, backed up and indexed anew from the page"({ page, url, service }) {
    await page.goto(`${url}/admin/status`);
    await see(page.locator("dt", { hasText: "Kept in the trash" }).locator("+ dd").filter({ hasText: /^\d+ days$/ }));
    await see(page.locator("dt", { hasText: "Others who approve a disposition" }).locator("+ dd").filter({ hasText: "1" }));
    const work = (name) => page.locator(`.card[data-work=${name}]`);
    await work("verify").getByRole("button", { name: "Check" }).click();
    await see(work("verify").and(page.locator("[data-state=done]")).getByText(/entries of the log were checked/));
    await work("backup").getByRole("button", { name: "Back up…" }).click();
    await dialog(page).getByLabel("Folder on the server").fill("backup");
    await dialog(page).getByRole("button", { name: "Back up…" }).click();
    await see(dialog(page).locator(".field .error", { hasText: "must begin with /" }));
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByLabel("Folder on the server").fill(`${service.data}/backup`);
    await dialog(page).getByRole("button", { name: "Back up…" }).click();
    await see(work("backup").and(page.locator("[data-state=done]")).getByText(/originals are in the backup/));
    await work("reindex").getByRole("button", { name: "Build anew" }).click();
    await see(work("reindex").and(page.locator("[data-state=done]")).getByText(/documents are in the index/));
    await work("sweep").getByRole("button", { name: "Remove" }).click();
    await see(work("sweep").and(page.locator("[data-state=done]")).getByText("0 files were removed; 0 are left"));
    assert.deepEqual(await axeFindings(page), []);
    await page.reload();
    await see(work("verify").and(page.locator("[data-state=done]")));
  },

  async "a reader finds the folders of the file plan, and changes nothing there"({ browser, page, url, service }) {
    const api = (...words) => JSON.parse(service.command("api", ...words));
    const rut = api("create_account", "name=rut", "display_name=Rut Lind", "role=reader", `password=${newPassword}`);
    const letters = api("create_class", "code=1", "title=Letters");
    api("create_folder", `class=${letters.id}`, "title=Letters of the spring");
    await elsewhere(browser, async (other) => {
      await signIn(other, url, { name: "rut", password: newPassword });
      await other.getByRole("link", { name: "Folders", exact: true }).click();
      await other.getByRole("link", { name: "1 Letters" }).click();
      await see(other.getByRole("link", { name: "Letters of the spring" }));
      assert.deepEqual(await axeFindings(other), []);
      assert.equal(await other.getByRole("button", { name: /^(New|Change|Move)/ }).count(), 0);
    });

    const hold = api("place_hold", "title=The flood", "reason=An insurer asked for it", `custodians=${rut.id}`);
    const file = api("register_paper_file", "title=The drawings", `class=${letters.id}`);
    api("lend_paper", `id=${file.document.id}`, `account=${rut.id}`, "due_on=2060-01-01");
    await elsewhere(browser, async (other) => {
      await signIn(other, url, { name: "rut", password: newPassword });
      await other.getByRole("link", { name: "Notifications (2)" }).click(); // the hold, and the news of it; what is lent is not due yet
      await see(other.getByText("The flood"));
      await see(other.getByRole("link", { name: "You have “The drawings” until 1 Jan 2060." }));
      assert.deepEqual(await axeFindings(other), []);
      await other.getByRole("button", { name: "Acknowledge The flood" }).click();
      await other.getByRole("button", { name: "Acknowledge The flood" }).waitFor({ state: "detached" });
      await see(other.getByRole("link", { name: "Notifications (1)" }));
      await other.getByRole("button", { name: "Mark all as read" }).click();
      await see(other.getByRole("link", { name: "Notifications", exact: true }));
    });
    await page.goto(`${url}/records/holds/${hold.id}`);
    await see(page.getByText(/^Rut Lind: acknowledged/));
  },

  async "the history of a document tells what was before and after"({ page, url }) {
    await page.goto(`${url}/?q=drawings`);
    const row = page.locator(".row a.title", { hasText: "The drawings" });
    await row.click();
    const title = page.getByRole("textbox", { name: "Title" });
    await title.fill("The drawings of the bridge");
    await title.press("Enter");
    await see(page.locator(".saving.ok"));
    await page.getByRole("tab", { name: "File" }).click();
    await page.getByText("History", { exact: true }).click();
    const change = page.locator(".history li", { hasText: "Changed" }).first();
    await see(change.locator("del", { hasText: /^The drawings$/ }));
    await see(change.locator("ins", { hasText: "The drawings of the bridge" }));
    await see(change.getByText("Anna Berg-Ek"));
    await see(page.locator(".history li", { hasText: "Registered" }).or(page.locator(".history li", { hasText: "Paper" })));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "another archive is looked over, and then taken in"({ page, url }) {
    await page.goto(`${url}/admin/import`);
    await page.getByLabel("Archive to bring in").setInputFiles({
      name: "old.tar", mimeType: "application/x-tar",
      buffer: tar({ "list.csv": "file,title,type,colour\nbuoy.txt,The buoy,Sea mark,red\ngone.txt,,,\n", "buoy.txt": "A buoy before the lighthouse" }),
    });
    await see(page.getByText("Ready to start"));
    await see(page.getByRole("cell", { name: "there is no file gone.txt" }));
    await see(page.getByText("colour", { exact: true }));
    await see(page.getByText("Sea mark"));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Take it in" }).click();
    await see(page.locator("[role=status][data-stage=import][data-state=done]"));
    await see(page.getByText("Taken in").locator("+ dd", { hasText: "1" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "All imports" }).click();
    await see(page.getByText("Taken in 1"));
    await see(page.getByRole("link", { name: "Open: old.tar" }));
  },
};
