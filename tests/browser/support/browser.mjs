import assert from "node:assert/strict";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { inkUnderHits } from "./ink.mjs";

/** Debian's Chromium as it is built to run without a window: with all that a window has, the same walk takes half as much again. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--no-first-run",
      "--host-resolver-rules=MAP archive.test 127.0.0.1"],
  });
}

export const patience = 60_000; // milliseconds; the machine may be busy with other things

/** A page whose script errors and dialogs count as failures; `problems` collects them. What the browser asks before a page is
 *  left is no failure: it is left. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, locale: "en-GB", reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`script error: ${error.message}`));
  page.on("dialog", (dialog) => {
    if (dialog.type() === "beforeunload") return void dialog.accept();
    problems.push(`a dialog opened: ${dialog.message()}`);
    return void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.method() === "GET" && wholeListWanted(new URL(request.url()))) problems.push(`a whole list was asked for: ${request.url()}`);
  });
  page.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) problems.push(`policy: ${message.text()}`);
  });
  return { context, page, problems };
}

const longLists = /^\/api\/v1\/(tags|types|correspondents|classes|folders|subjects|accounts|groups|access-lists|schedules|locations|holds|dispositions|loans|reservations|inventories|share-links|erasure-requests)(\/used)?$/;

/** Lists that may have thousands of entries are asked for in parts that a person can look through. */
export function wholeListWanted({ pathname, searchParams }) {
  return longLists.test(pathname) && !searchParams.has("format") && !(Number(searchParams.get("limit")) <= 100 && searchParams.has("limit"));
}

/** Goes to an address as a link on the page would lead there: without loading the page anew. */
export async function follow(page, address) {
  await page.evaluate((target) => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = target;
    link.click();
    link.remove();
  }, address);
}

/** Chooses in a field that asks the server for what fits. */
export async function choose(field, text) {
  await field.click();
  await field.fill(text);
  await field.page().getByRole("option", { name: text }).first().click();
}

/** What axe finds wrong with the page as it stands, one line a finding; with `targets` also what is too small to be pressed.
 *  `colours`: whether contrast is looked at, which takes longest; "only": nothing else is. */
export async function axeFindings(page, { targets = false, colours = true } = {}) {
  const contrast = "color-contrast";
  const options = colours === "only" ? { runOnly: [contrast] } : { rules: { "target-size": { enabled: targets }, [contrast]: { enabled: colours } } };
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (asked) => (await globalThis.axe.run(document, asked)).violations
    .map((found) => ({ id: found.id, nodes: found.nodes.map((node) => `${node.target.join(" ")} ${node.any.map((check) => check.message).join("; ")}`) })), options);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).join(" | ")}`);
}

/** The same in dark colours; the page is light again afterwards. */
export async function axeFindingsInTheDark(page) {
  await page.emulateMedia({ colorScheme: "dark" });
  try {
    return await axeFindings(page);
  } finally {
    await page.emulateMedia({ colorScheme: "light" });
  }
}

/** Chooses the language of the page, which the account keeps: whoever goes on at once would not let it. */
export async function speakAs(page, url, language) {
  await page.goto(`${url}/you`);
  const kept = page.waitForResponse((response) => response.request().method() === "PATCH" && response.ok());
  await page.locator("main select").first().selectOption(language);
  await kept;
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** Drags one element to a place in another, `at` from its upper left corner or in its middle. The events are the browser's, but
 *  sent one by one: a pointer that is moved for real drags nothing when the page is drawn anew in that moment. */
export async function drag(source, target, at) {
  assert.equal(await source.evaluate((element) => element.draggable), true, "it can be dragged");
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const place = { clientX: box.x + (at?.x ?? box.width / 2), clientY: box.y + (at?.y ?? box.height / 2) };
  const dragged = await source.elementHandle(); // what is dropped may be gone before its end is told
  const dataTransfer = await source.page().evaluateHandle(() => new DataTransfer());
  await dragged.dispatchEvent("dragstart", { dataTransfer });
  await target.dispatchEvent("dragenter", { dataTransfer, ...place });
  const taken = await target.evaluate((element, init) => !element.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, ...init })), { dataTransfer, ...place });
  assert.equal(taken, true, "it can be dropped there");
  await target.dispatchEvent("drop", { dataTransfer, ...place });
  await dragged.dispatchEvent("dragend", { dataTransfer });
}

/** Gives files to the page as its Upload button does. */
export async function uploadFiles(page, files) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /^(Upload|Ladda upp)$/ }).click();
  await (await chooser).setFiles(files.map(({ name, buffer }) => ({ name, mimeType: "application/pdf", buffer })));
}

export function uploadItem(page, name) {
  return page.locator(".tray-item").filter({ has: page.getByText(name, { exact: true }) });
}

/** Opens the address again, waiting longer each time, until `wanted` is there `count` times: what was just filed is taken up
 *  in the background. */
export async function seeAt(page, address, wanted, count = 1) {
  for (let wait = 1000; ; wait *= 2) {
    await page.goto(address);
    try {
      return await wanted.nth(count - 1).waitFor({ timeout: wait });
    } catch (error) {
      if (wait > patience) throw error;
    }
  }
}

/** Looks again and again until something holds that cannot be waited for in the page. */
export async function until(holds) {
  const end = Date.now() + patience;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${holds}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** Holds back what the page asks with this method of addresses like `pattern`; `act` is given what lets it go on, which happens at its
 *  end at the latest. */
export async function holding(page, pattern, method, act) {
  let goOn;
  const held = new Promise((resolve) => { goOn = resolve; });
  const hold = async (route) => {
    if (route.request().method() === method) await held;
    await route.continue();
  };
  await page.route(pattern, hold);
  try {
    await act(goOn);
  } finally {
    goOn();
    await page.unroute(pattern, hold);
  }
}

export function dialog(page) {
  return page.getByRole("dialog");
}

/** Waits for an element to be there; its absence is the failure's message. */
export async function see(locator) {
  await locator.first().waitFor({ state: "visible" });
}

/** The document that is open shows what was asked for: boxes of hits, each over print. */
export async function seeHitsOnInk(page) {
  await see(page.locator(".hit-box.current"));
  await page.waitForFunction(() => { const image = document.querySelector(".sheet img"); return image?.complete && image.naturalWidth > 0; });
  const ink = await page.evaluate(inkUnderHits);
  assert.ok(ink.length > 0, "no hits are drawn");
  for (const share of ink) assert.ok(share > 0.05, `a hit lies on ${Math.round(share * 100)} % dark pixels only`);
}
