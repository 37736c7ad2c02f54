// A stack of mixed paper goes from the feeder to filed documents, and nothing is typed but the keys that accept what is suggested.
// The steps build on each other, in an archive that is empty but for its first account, with the scanner of support/feeder.mjs.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { axeFindings, see, until } from "../support/browser.mjs";

const output = fileURLToPath(new URL("../output/", import.meta.url));
const meetings = ["The harbour committee met in the office and approved the budget for the year. The chair closed the meeting.",
  "Minutes of the meeting: the committee approved the accounts, and the chair closed the meeting at four.",
  "The committee of the harbour met. The budget was approved. The chair closed the meeting before supper."];

function api(service, ...words) {
  const answer = service.command("api", ...words);
  return answer ? JSON.parse(answer) : null;
}

/** Minutes that somebody has filed before; once the service has learned from them. */
async function fileMeetings(service, node) {
  const folder = mkdtempSync(join(tmpdir(), "muniment-capture-"));
  try {
    meetings.forEach((text, at) => writeFileSync(join(folder, `meeting${at}.txt`), `${text}\n`));
    service.command("ingest", "--wait", folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [last, ...others] = await found(service, "committee", meetings.length);
  const file = ({ id }) => api(service, "change_document", `id=${id}`, `class=${node}`);
  others.forEach(file);
  await until(() => api(service, "suggestions", `id=${last.id}`).items.some(({ field, value }) => field === "class" && value.id === node));
  file(last);
}

/** What the query finds, once it is `count` documents: the index follows the text. */
async function found(service, query, count) {
  let items = [];
  await until(() => { items = api(service, "documents", `q=${query}`).items; return items.length === count; });
  return items;
}

async function waiting(page, count) {
  await page.waitForFunction((wanted) => document.querySelectorAll(".inbox-list li").length === wanted, count);
}

export const steps = {
  async "the stack is scanned, and its separator sheets part it before anything is filed"({ page, service, url }) {
    for (const [code, title] of [["1", "Economy"], ["2", "Premises"], ["3", "Meetings"]]) api(service, "create_class", "parent=", `code=${code}`, `title=${title}`);
    api(service, "create_filing_rule", "field=class", "value=1", "kind=any", "text=invoice");
    api(service, "create_filing_rule", "field=class", "value=2", "kind=all", "text=landlord tenant");
    await fileMeetings(service, 3);
    await page.goto(`${url}/scan`);
    await page.getByLabel("Paper").selectOption({ label: "Stack, one side" });
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    await see(page.getByText("All pages are in."));
    assert.equal(await page.locator(".organiser li").count(), 6);
    assert.equal(await page.locator(".organiser li").getByText("separator").count(), 2);
    assert.deepEqual(await axeFindings(page), []);
    await page.screenshot({ path: `${output}capture_scan.png` });
  },

  async "what it holds is filed from the inbox by accepting what is suggested"({ page }) {
    await page.getByRole("button", { name: "File 3 documents" }).click();
    await see(page.getByText("Filed.", { exact: true }));
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.type("gi");
    await see(page.getByRole("heading", { name: "Inbox" }));
    await waiting(page, 3);
    const places = new Map([["Invoice 20458", "1 Economy"], ["Lease of the northern warehouse", "2 Premises"], ["Minutes of the harbour committee", "3 Meetings"]]);
    while (places.size > 0) { // in the order in which they are read
      const title = await (await page.waitForFunction((titles) => titles.find((one) => document.querySelector("#inbox-title")?.textContent.includes(one)), [...places.keys()])).jsonValue();
      const node = places.get(title);
      places.delete(title);
      await see(page.getByRole("group", { name: "File it" }));
      await page.waitForFunction((wanted) => {
        const field = document.querySelector('.inbox-form [name="class"]');
        return field?.value === wanted || [...document.querySelectorAll(".inbox-form button")].some((button) => button.textContent.includes(wanted) || (button.getAttribute("aria-label") ?? "").includes(wanted));
      }, node);
      if (node === "3 Meetings") {
        assert.deepEqual(await axeFindings(page), []);
        await page.screenshot({ path: `${output}capture_inbox.png` });
      }
      await page.keyboard.press("a");
      await page.waitForFunction((wanted) => document.querySelector('.inbox-form [name="class"]')?.value === wanted, node);
      await page.keyboard.press("e");
    }
    await see(page.getByRole("heading", { name: "The inbox is empty." }));
  },

  async "each document is where it belongs, whole, and found"({ service }) {
    const pages = { 1: 1, 2: 2, 3: 1 };
    for (const [code, word] of [["1", "quay"], ["2", "signed"], ["3", "noon"]]) {
      const [document] = await found(service, `${word} class:${code}`, 1);
      assert.equal(document.page_count, pages[code], `${word} in class ${code}`);
    }
  },
};
