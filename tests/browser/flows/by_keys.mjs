// What keys are about: the selection, the open document, the focused row; and where the focus is afterwards. For a signed-in
// administrator with the documents of the flow "archive".
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dialog, see, seeAt, until } from "../support/browser.mjs";

const count = 60; // more than the list loads at once

const rowAt = (page, place) => page.locator(`.row[aria-posinset='${place}']`);
const hasFocus = (page, selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);

/** Goes to the list anew, and to one of its rows. */
async function atRow(page, url, place) {
  await seeAt(page, `${url}/?q=cloudberries&sort=title`, rowAt(page, place));
  await rowAt(page, place).locator("a.title").focus();
}

async function pick(page, places) {
  for (const place of places) await rowAt(page, place).locator("input").check();
  await see(page.getByRole("toolbar", { name: `${places.length} selected` }));
}

async function pickWholeList(page, url) {
  await atRow(page, url, 1);
  await page.keyboard.press("x");
  await page.getByRole("button", { name: `Select all ${count} that match` }).click();
  await see(page.getByRole("toolbar", { name: "All that match" }));
}

/** Types and takes what is found, without going to a field first. */
async function typeAndTake(page, text, option) {
  await hasFocus(page, "dialog input");
  await page.keyboard.type(text);
  await see(page.getByRole("option", { name: option }));
  await page.keyboard.press("Enter");
}

export const steps = {
  async "the next row is reckoned from the one that has the focus"({ page, url, service }) {
    const folder = await mkdtemp(join(tmpdir(), "muniment-keys-"));
    for (let number = 101; number < 101 + count; number += 1) await writeFile(join(folder, `cloudberry${number}.txt`), `Note ${number} on cloudberries.\n`);
    service.command("ingest", "--wait", folder);
    await rm(folder, { recursive: true });
    await atRow(page, url, 3);
    await page.keyboard.press("j");
    await see(page.locator(".row.current[aria-posinset='4']"));
    await page.keyboard.press("Escape");
    await hasFocus(page, ".row[aria-posinset='4'] a.title");
    await page.keyboard.press("o");
    await see(page.locator(".row.current[aria-posinset='4']"));
    await see(page.locator(".pages"));
    await page.keyboard.press("Enter");
    await hasFocus(page, ".pages");
    await page.keyboard.press("j");
    await see(page.locator(".row.current[aria-posinset='5']"));
    await hasFocus(page, ".pages");
    await page.keyboard.press("Escape");
    await page.locator(".viewer").waitFor({ state: "detached" });
  },

  async "the window is titled as what it shows"({ page, url }) {
    const titled = (title) => page.waitForFunction((wanted) => document.title === wanted, title);
    await atRow(page, url, 1);
    await titled("Results · Muniment");
    for (const [key, place] of [["o", 1], ["j", 2]]) {
      await page.keyboard.press(key);
      await titled(`${await rowAt(page, place).locator("a.title").textContent()} · Muniment`);
    }
    await page.keyboard.press("Escape");
    await titled("Results · Muniment");
    await page.goto(`${url}/records/holds`);
    await titled("Holds · Records · Muniment");
    await page.getByRole("link", { name: "Schedules" }).click();
    await titled("Schedules · Records · Muniment");
  },

  async "what is selected is tagged and thrown away, not what is open beside it"({ page, url }) {
    await atRow(page, url, 1);
    await pick(page, [2, 3]);
    await rowAt(page, 5).locator("a.title").click();
    await see(page.locator(".row.current[aria-posinset='5']"));
    const open = await page.locator(".row.current").getAttribute("data-document");
    await page.keyboard.press("t");
    await see(page.getByRole("dialog", { name: "Add tag" }));
    await typeAndTake(page, "ripe fruit", /ripe fruit/);
    await see(page.locator(".toast", { hasText: "2 documents tagged “ripe fruit”" }));
    const thrown = await rowAt(page, 2).getAttribute("data-document");
    await page.keyboard.press("#");
    await see(page.locator(".toast", { hasText: "2 documents are in the trash" }));
    await page.locator(`[data-document='${thrown}']`).waitFor({ state: "detached" });
    assert.equal(await page.locator(`.row.current[data-document='${open}']`).count(), 1);
    assert.equal(await page.locator(".selection-bar").count(), 0, "nothing is selected that is in the trash");
    await page.keyboard.press("z");
    await see(page.locator(`[data-document='${thrown}']`));
  },

  async "what is open and selected goes from the selection with the document"({ page, url }) {
    await atRow(page, url, 1);
    await pick(page, [1, 2]);
    await rowAt(page, 1).locator("a.title").click();
    await page.locator(".viewer").getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: /trash/i }).click();
    await see(page.getByRole("toolbar", { name: "1 selected" }));
    await page.locator(".toast", { hasText: "in the trash" }).first().getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction((wanted) => document.querySelector(".row")?.ariaSetSize === String(wanted), count);
    await page.keyboard.press("Escape");
    await page.locator(".selection-bar").waitFor({ state: "detached" });
  },

  async "a focused row is moved, held and thrown away, and the next one has the focus then"({ page, url }) {
    await atRow(page, url, 2);
    for (const [key, name] of [["m", /^Move to a class or folder: 1 document/], ["h", /^Place on hold: 1 document/]]) {
      await page.keyboard.press(key);
      await see(page.getByRole("dialog", { name }));
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "detached" });
      await hasFocus(page, ".row[aria-posinset='2'] a.title");
    }
    const [thrown, next] = await Promise.all([2, 3].map((place) => rowAt(page, place).getAttribute("data-document")));
    await page.keyboard.press("#");
    await page.locator(`[data-document='${thrown}']`).waitFor({ state: "detached" });
    await hasFocus(page, `[data-document='${next}'] a.title`);
    await page.keyboard.press("z");
    await see(page.locator(`[data-document='${thrown}']`));
  },

  async "all that match are moved and held, also what the list has not loaded"({ page, url, service }) {
    const { id } = JSON.parse(service.command("api", "create_class", "parent=", "code=77", "title=Cloudberries and quinces"));
    await pickWholeList(page, url);
    await page.keyboard.press("h");
    await see(page.getByRole("dialog", { name: "New hold" }));
    assert.equal(await dialog(page).getByLabel("Query").inputValue(), "cloudberries");
    await hasFocus(page, "dialog [name=title]");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    await page.keyboard.press("m");
    await typeAndTake(page, "cloudberries", "77 Cloudberries and quinces");
    await page.keyboard.press("Enter"); // the form's
    await see(page.getByText(`${count} changed`));
    const { total } = JSON.parse(service.command("api", "documents", "q=cloudberries", `f.class=${id}`, "limit=1"));
    assert.equal(total, count);
    await page.getByRole("button", { name: "Put the result away" }).click();
    await pickWholeList(page, url);
    const [csv] = await Promise.all([page.waitForEvent("download"), page.locator(".selection-bar").getByRole("link", { name: "As CSV" }).click()]);
    assert.equal(csv.suggestedFilename(), "documents.csv");
    await page.keyboard.press("d");
    await dialog(page).getByLabel("Date").fill("2018-03-09");
    await page.keyboard.press("Enter");
    await see(page.getByText(`${count} changed`));
    await until(() => JSON.parse(service.command("api", "documents", "q=cloudberries created:2018", "limit=1")).total === count);
    await page.getByRole("button", { name: "Put the result away" }).click();
    await seeAt(page, `${url}/?q=cloudberries&f.class=${id}`, rowAt(page, 1));
    await rowAt(page, 1).locator("a.title").focus();
    await page.keyboard.press("x");
    await page.getByRole("button", { name: `Select all ${count} that match` }).click();
    await see(page.getByRole("toolbar", { name: "All that match" }));
    await page.keyboard.press("h");
    await see(page.locator(".toast", { hasText: "A hold of all that match is placed by its query" }));
    assert.equal(await dialog(page).count(), 0, "filters are not held");
    await page.keyboard.press("Escape");
    await page.locator(".selection-bar").waitFor({ state: "detached" });
  },

  async "what is typed into a dialog that has just opened is in its first field"({ page, url }) {
    for (const [path, button, field] of [["/records/holds", "New hold", "Name of the hold"], ["/you", "Change your name", "Your name"], ["/admin/groups", "New group", "Name"]]) {
      await page.goto(url + path);
      await page.getByRole("button", { name: button }).focus();
      await page.keyboard.press("Enter");
      await hasFocus(page, "dialog input");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("roof work");
      assert.equal(await dialog(page).getByLabel(field, { exact: true }).inputValue(), "roof work");
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "detached" });
    }
  },

  async "Esc leads from a field of the panel to the pages, which arrows scroll"({ page, url }) {
    await page.goto(`${url}/?q=thirty`);
    await page.locator(".row a.title").first().click();
    await see(page.getByRole("tab", { name: "Info" }));
    await see(page.locator(".sheet img"));
    await page.keyboard.press("e");
    await hasFocus(page, "[name=title]");
    await page.keyboard.type(" and more");
    await page.keyboard.press("Escape"); // takes that back
    await hasFocus(page, "[name=title]");
    await page.keyboard.press("Escape");
    await hasFocus(page, ".pages");
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("+");
    const pages = page.locator(".pages");
    await page.waitForFunction(() => { const { scrollHeight, clientHeight } = document.querySelector(".pages"); return scrollHeight > clientHeight * 1.5; });
    await pages.evaluate((element) => { element.scrollTop = 0; });
    const address = page.url();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.querySelector(".pages").scrollTop > 0);
    assert.equal(page.url(), address, "the document stays");
    await page.keyboard.press("0");
    await page.keyboard.press("Escape");
    await page.locator(".viewer").waitFor({ state: "detached" });
  },

  async "the tree of classes and a chip that goes leave the focus where it was"({ page, url }) {
    await page.goto(`${url}/records/plan`);
    const line = page.locator(".plan-tree a", { hasText: "Cloudberries and quinces" });
    await see(line);
    await line.focus();
    await page.keyboard.press("Enter");
    await see(page.getByRole("heading", { level: 2, name: /Cloudberries and quinces/ }));
    await page.waitForFunction(() => document.activeElement?.textContent.includes("Cloudberries and quinces") && document.activeElement.closest(".plan-tree"));
    await page.getByRole("button", { name: "Close the class" }).focus();
    await page.keyboard.press("Enter");
    await see(page.getByRole("button", { name: "Open it again" }));
    await page.waitForFunction(() => document.activeElement?.textContent.trim() === "Open it again");
    await page.keyboard.press("Enter");
    await see(page.getByRole("button", { name: "Close the class" }));
    await seeAt(page, `${url}/?q=cloudberries+tag:"ripe+fruit"&f.language=eng`, page.locator(".chip").nth(1));
    await page.locator(".chip button").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".chip").length === 1);
    await hasFocus(page, ".chip button");
    await page.keyboard.press("Enter");
    await page.locator(".chip").waitFor({ state: "detached" });
    await hasFocus(page, "#results-title");
  },
};
