#!/usr/bin/env node
// How long people wait for the page, with the real service in Chromium: one JSON line a figure.
//
//   node tests/bench/page_bench.mjs [--documents 20000] [--rows 5000] [--archive DIR --user NAME --password WORDS]
//
// Fills an archive of its own: short texts, 2 000 tags, 10 000 correspondents, 2 000 classes. With --archive it takes the one that
// is there, as that user, and adds to it what it opens and uploads. A sample that takes longer than five seconds has failed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, openPage, see } from "../browser/support/browser.mjs";
import { pdf } from "../browser/support/files.mjs";
import { Service } from "../browser/support/service.mjs";

const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "20000" }, rows: { type: "string", default: "5000" },
    archive: { type: "string" }, user: { type: "string", default: "anna" }, password: { type: "string", default: "a long enough password" },
  },
});
let documents = Number(values.documents);
const rows = Number(values.rows);
const filesAtOnce = 5_000;
const tags = 2_000;
const correspondents = 10_000;
const classes = 2_000;
const words = ["lease", "invoice", "minutes", "budget", "contract", "report", "letter", "quince", "harbour", "kumquat", "window", "rafter", "gutter", "cellar", "meadow", "orchard"];
const credentials = { name: values.user, password: values.password };
const patience = 5000; // milliseconds for a sample

/** Of samples in milliseconds; one that is null has failed. */
function report(figure, samples, wanted) {
  const sorted = samples.filter((sample) => sample !== null).sort((one, other) => one - other);
  const at = (share) => (sorted.length > 0 ? Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]) : null);
  console.log(JSON.stringify({ figure, samples: samples.length, failed: samples.length - sorted.length, p50_ms: at(0.5), p95_ms: at(0.95), worst_ms: at(1), wanted_ms: wanted }));
}

/** In the page: the question whether one more of `answers` has come, and one of each of `elements` stands. */
function shown({ answers, elements }) {
  const count = () => performance.getEntriesByType("resource").filter((entry) => answers.test(entry.name) && entry.responseEnd > 0).length;
  const before = count();
  return () => count() > before && elements.every((selector) => document.querySelector(selector));
}

/** How long it takes from the first of the events until what is `wanted` is shown; null when that takes too long. What is looked for is looked at
 *  before `act`, so that nothing is missed. */
async function timed(page, events, wanted, act) {
  const question = await page.evaluateHandle(shown, wanted);
  await page.evaluate(([names, isThere, limit]) => {
    const began = performance.now();
    let from = 0;
    for (const name of names) document.addEventListener(name, () => { from ||= performance.now(); }, { once: true, capture: true });
    globalThis.sample = new Promise((resolve) => {
      const look = () => {
        if (from && isThere()) return requestAnimationFrame(() => resolve(performance.now() - from));
        if (performance.now() - began > limit) return resolve(null);
        return setTimeout(look, 2);
      };
      look();
    });
  }, [events, question, patience]);
  await act();
  return page.evaluate(() => globalThis.sample);
}

/** Words that follow from the number, so that runs are comparable. */
function wordsOf(number, count) {
  return Array.from({ length: count }, (_, index) => words[(number * 7 + index * (1 + (number % 5))) % words.length]).join(" ");
}

/** Names as rows, while the service is down: over the API each would be a transaction. */
function addNames(service) {
  const rowsOf = (table, name, count) => `c.executemany("INSERT INTO ${table} (name, folded_name) VALUES (?, ?)", [(f"${name} {n}", f"${name} {n}") for n in range(${count})])`;
  execFileSync("python3", ["-c", `import sqlite3
c = sqlite3.connect("${join(service.data, "muniment.db")}")
${rowsOf("tag", "tag", tags)}
${rowsOf("correspondent", "firm", correspondents)}
c.commit()`]);
}

async function fill(service) {
  await service.end();
  addNames(service);
  await service.run(new URL(service.url).host);
  const plan = ["code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,authority"];
  for (let number = 0; number < classes; number += 1) {
    const parent = number < 20 ? "" : String(1 + (number % 20));
    plan.push(`${parent ? `${parent}.` : ""}${number + 1},${parent},Class ${number + 1} of ${wordsOf(number, 2)},,,,,,,,,,,`);
  }
  service.command("api", "import_file_plan", `csv=${plan.join("\n")}\n`);
  const folder = mkdtempSync(join(tmpdir(), "muniment-page-bench-"));
  try {
    for (let number = 0; number < documents; number += 1) {
      writeFileSync(join(folder, `n${number}.txt`), `${wordsOf(number, 12)}\nNumber ${number} of the archive.\n${wordsOf(number + 3, 30)}\n`);
    }
    service.command("ingest", "--wait", folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function addBooks(service) {
  const folder = mkdtempSync(join(tmpdir(), "muniment-page-bench-"));
  try {
    const book = join(folder, "book.pdf");
    for (let number = 1; number <= 6; number += 1) {
      writeFileSync(book, pdf(Array.from({ length: 12 }, (_, page) => [`Pelargonium ${number}, page ${page + 1}`, wordsOf(page, 12), wordsOf(page + 1, 12)])));
      service.command("ingest", "--wait", book);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function begin(page, service) {
  await page.goto(service.url);
  if (values.archive) {
    await page.getByLabel("User name").fill(credentials.name);
    await page.getByLabel("Password").fill(credentials.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    return see(page.getByRole("button", { name: "Your account" }));
  }
  await page.getByLabel("One-time code").fill(service.code);
  await page.getByLabel("User name").fill(credentials.name);
  await page.getByLabel("Your name").fill("Anna Berg");
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
  await page.getByLabel("Password again").fill(credentials.password);
  await page.getByRole("button", { name: "Create the account" }).click();
  return see(page.getByRole("button", { name: "Your account" }));
}

const resultRows = { answers: /\/documents\?/, elements: [".results-head .count", ".row, .empty"] };

/** From the key to the first result that only its query gives. The document is asked for by a word that no other has. */
async function searchWhileTyping(page, service) {
  const times = [];
  await page.goto(service.url);
  await see(page.locator(".row"));
  await page.getByRole("combobox", { name: "Search" }).click();
  for (let round = 0; round < 8; round += 1) {
    const query = `${words[round]} ${words[round + 4]}`;
    for (const letter of query) {
      const press = () => page.keyboard.press(letter === " " ? "Space" : letter);
      if (letter === " ") await press(); // the query is the same as before: nothing is asked
      else times.push(await timed(page, ["keydown"], resultRows, press));
      await page.evaluate(() => performance.clearResourceTimings());
      await page.waitForTimeout(80); // as people type
    }
    await page.getByRole("combobox", { name: "Search" }).fill("");
    await page.waitForTimeout(300);
  }
  report(`first search result after a key, ${documents} documents`, times, 100);
}

async function keysInAList(page, service) {
  await page.goto(service.url);
  await see(page.locator(".row"));
  const count = await page.evaluate((wanted) => new Promise((resolve) => {
    const more = () => {
      const loaded = Math.max(...[...document.querySelectorAll(".row")].map((row) => Number(row.ariaPosInSet)));
      if (loaded >= wanted || !document.querySelector(".more-rows")) return resolve(loaded);
      const list = document.querySelector(".results-scroll");
      list.scrollTop = list.scrollHeight;
      return setTimeout(more, 20);
    };
    more();
  }), Math.min(rows, documents));
  await page.evaluate(() => { document.querySelector(".results-scroll").scrollTop = 0; });
  const times = [];
  for (const key of [..."jjjjjjjjjjxjxjxjxjxjkkkkkkkkkk"]) {
    times.push(await page.evaluate((pressed) => new Promise((resolve) => {
      const from = performance.now();
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: pressed, bubbles: true, cancelable: true }));
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
    }), key));
    await page.waitForTimeout(120);
  }
  report(`key in a list of ${count} rows`, times, 50);
}

async function firstPage(page, service, kind, wanted) {
  const times = [];
  for (let number = 1; number <= 6; number += 1) {
    await page.goto(`${service.url}/?q=${encodeURIComponent(`"Pelargonium ${number}"`)}`);
    await see(page.locator(".row a.title").first());
    times.push(await page.evaluate(() => new Promise((resolve) => {
      const from = performance.now();
      document.querySelector(".row a.title").click();
      const look = () => {
        const image = document.querySelector(".sheet img");
        if (image?.complete && image.naturalWidth > 0) return requestAnimationFrame(() => resolve(performance.now() - from));
        return setTimeout(look, 2);
      };
      look();
    })));
  }
  report(`first page of an opened document, ${kind}`, times, wanted);
}

const offeredNames = { answers: /\/(tags|correspondents|classes)\?/, elements: [".options .menu-item"] };

async function pickers(page, service) {
  await page.goto(`${service.url}/?q=pelargonium`);
  await page.locator(".row a.title").first().click();
  await see(page.getByRole("combobox", { name: "Correspondent" }));
  for (const [name, typed] of [["Tags", "tag 19"], ["Correspondent", "firm 99"], ["Class", "19 of"]]) {
    const field = page.getByRole("combobox", { name, exact: true });
    const times = [];
    for (let length = 0; length <= typed.length; length += 1) {
      const type = () => (length === 0 ? field.click() : page.keyboard.insertText(typed[length - 1]));
      if (typed[length - 1] === " ") await type(); // what is looked for is the same as before: nothing is asked
      else times.push(await timed(page, ["input", "click"], offeredNames, type));
    }
    await page.keyboard.press("Escape");
    report(`${name} field`, times, 100);
  }
}

/** Choosing thousands of small files: how long the page stands still at most, and when some have been sent. */
async function manyFiles(page, service) {
  await page.goto(service.url);
  await see(page.locator(".row"));
  await page.evaluate(() => {
    globalThis.standstills = [0];
    new PerformanceObserver((list) => globalThis.standstills.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  const folder = mkdtempSync(join(tmpdir(), "muniment-page-bench-"));
  const paths = Array.from({ length: filesAtOnce }, (_, number) => join(folder, `slip ${number}.txt`));
  for (const [number, path] of paths.entries()) writeFileSync(path, `Slip ${number} of ${wordsOf(number, 5)}`);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  const from = Date.now();
  await (await chooser).setFiles(paths);
  await see(page.locator(".tray"));
  await page.waitForFunction((wanted) => Number(/(\d+)/.exec(document.querySelector("#tray-title")?.textContent ?? "")?.[1] ?? 0) >= wanted, 100);
  console.log(JSON.stringify({ figure: `100 of ${filesAtOnce} small files are filed`, seconds: (Date.now() - from) / 1000 }));
  rmSync(folder, { recursive: true });
  report(`the page stands still while ${filesAtOnce} files are chosen and sent`, [Math.max(...await page.evaluate(() => globalThis.standstills))], 500);
}

const service = values.archive ? await Service.over(values.archive) : await Service.start();
const browser = await launch();
try {
  const from = Date.now();
  if (values.archive) documents = JSON.parse(service.command("status", "--json")).documents;
  else await fill(service);
  if (JSON.parse(service.command("search", "--json", '"Pelargonium 6"')).total === 0) addBooks(service);
  console.log(JSON.stringify({ figure: "filling", documents, seconds: Math.round((Date.now() - from) / 1000) }));
  const { page } = await openPage(browser);
  await begin(page, service);
  await firstPage(page, service, "cold", 1000);
  await firstPage(page, service, "warm", 300);
  await pickers(page, service);
  await searchWhileTyping(page, service);
  await keysInAList(page, service);
  await manyFiles(page, service);
} finally {
  await browser.close();
  await service.stop();
}
