#!/usr/bin/env node
// Takes the pictures of the documentation, or only those that are named, from a demonstration with two scanners that it starts itself:
//   node pictures.mjs [NAME...]              to docs/images
//   node pictures.mjs --output FOLDER [NAME...]
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { steps as archive } from "./flows/archive.mjs";
import { batchName, fillWithTheDemonstration, signIn, steps as walk, setToday } from "./flows/records_walk.mjs";
import { follow, launch, openPage, see, seeAt, uploadFiles, uploadItem } from "./support/browser.mjs";
import { broken, pdf } from "./support/files.mjs";
import { Service } from "./support/service.mjs";

export const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const size = { width: 1280, height: 800 };
const titles = { lease: "Lease of the allotments", minutes: "Minutes of the beekeepers" }; // of no paper of the demonstration
const lease = pdf([[titles.lease, "The rent is invoiced quarterly in advance.", "Payment is due thirty days after the date of the invoice."]]);
const minutes = pdf([[titles.minutes, "The beekeepers met and decided upon the budget for the coming year."]]);
const draft = Buffer.from("The agreement\n\nThe rent is 900 kronor a month and is paid in advance.\n");
const final = Buffer.from("The agreement\n\nThe rent is 950 kronor a month and is paid in advance, by invoice.\n");

/** Names of the pictures in a folder. */
export async function picturesIn(folder) {
  return (await readdir(folder)).filter((name) => name.endsWith(".png")).sort();
}

/** Takes those that are named, or all of them; of an archive without scans it is quicker. */
export async function takePictures(browser, folder, { names = [], scans = true } = {}) {
  await mkdir(folder, { recursive: true });
  const keep = async (page, name) => {
    if (names.length === 0 || names.includes(name)) await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  await takeFirstRun(browser, keep);
  const service = await Service.start();
  try {
    fillWithTheDemonstration(service, { scans });
    await takeAll({ browser, service, url: service.url, code: service.code, keep });
  } finally {
    await service.stop();
  }
}

async function takeFirstRun(browser, keep) {
  const service = await Service.start();
  try {
    const { context, page } = await openPage(browser, { viewport: size });
    const [firstAccount] = Object.values(archive);
    await firstAccount({ page, url: service.url, code: service.code });
    await keep(page, "first-run");
    await context.close();
  } finally {
    await service.stop();
  }
}

async function takeAll(all) {
  const { browser, url, keep } = all;
  const walker = await openPage(browser, { viewport: size });
  const step = (name) => walk[name]({ ...all, page: walker.page });
  await step("the first account is made, and two records managers");
  const admin = await openPage(browser, { viewport: size });
  await admin.page.goto(url);
  await signIn(admin.page, "admin");
  const signedIn = { ...(await admin.context.storageState()), origins: [] };
  const page = admin.page;
  const take = (name) => keep(page, name);
  await takeLooks(all, signedIn);
  await takeDocuments(all, page, take);
  await takeVersionsAndLinks(all, page, take);
  await takeScreens(page, take);
  await step("the ready-made plan is loaded");
  await takePlan(page, take);
  await takeInbox(all, page, take);
  await takeRecords(all, walker.page, step);
  await walker.context.close();
  await admin.context.close();
}

async function takeLooks({ browser, url, keep }, storageState) {
  for (const [name, options] of [["search", {}], ["search-dark", { colorScheme: "dark" }], ["phone", { viewport: { width: 390, height: 780 } }]]) {
    const { context, page } = await openPage(browser, { ...options, storageState });
    await page.goto(`${url}/?q=invoice`);
    await page.locator(".row:has(mark) .snippet:has(mark)").first().click();
    await see(page.locator(".hit-box.current"));
    await page.waitForFunction(() => [...document.querySelectorAll(".sheet img, .thumb img")].slice(0, 8).every((image) => image.complete));
    await keep(page, name);
    await context.close();
  }
}

async function takeDocuments({ url }, page, take) {
  await page.goto(`${url}/?q=invoice`);
  await page.locator(".row a.title").first().click();
  await page.getByRole("tab", { name: "Text" }).click();
  await see(page.getByRole("button", { name: "Correct the text" }));
  await page.waitForFunction(() => [...document.querySelectorAll(".sheet img")].slice(0, 1).every((image) => image.complete && image.naturalWidth > 0));
  await take("document");

  await page.goto(url);
  await see(page.locator(".row"));
  await uploadFiles(page, [{ name: "lease.pdf", buffer: lease }, { name: "broken.pdf", buffer: broken }, { name: "minutes.pdf", buffer: minutes }]);
  for (const name of ["lease.pdf", "minutes.pdf"]) await see(uploadItem(page, name).and(page.locator("[data-state=filed]")));
  await see(uploadItem(page, "broken.pdf").and(page.locator("[data-state=failed]")));
  await take("upload");
  await page.getByRole("button", { name: "Clear what is done" }).click();

  await follow(page, "/quarantine");
  await see(page.locator(".card", { hasText: "broken" }));
  await take("quarantine");
  for (const title of [titles.minutes, titles.lease]) {
    const row = page.locator(".row", { hasText: title });
    await seeAt(page, `${url}/?q=${encodeURIComponent(`"${title}"`)}`, row);
    await row.locator("a.title").click();
    await see(page.getByRole("textbox", { name: "Title" }));
    await page.locator(".pages").focus();
    await page.keyboard.press("#");
    await see(page.getByRole("button", { name: "Undo" }));
  }
  await page.goto(`${url}/trash`);
  await see(page.locator(".card").nth(1));
  await take("trash");
}

async function takeVersionsAndLinks({ browser, url, service, keep }, page, take) {
  await page.goto(url);
  await uploadFiles(page, [{ name: "agreement.txt", buffer: draft }]);
  await see(uploadItem(page, "agreement.txt").and(page.locator("[data-state=filed]")));
  await page.getByRole("button", { name: "Clear what is done" }).click();
  await seeAt(page, `${url}/?q=agreement+900`, page.locator(".row"));
  await page.locator(".row a.title").first().click();
  await page.getByRole("tab", { name: "File" }).click();
  await page.getByRole("button", { name: "Add a new version" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles({ name: "agreement.txt", mimeType: "text/plain", buffer: final });
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await see(page.getByText("Version 2", { exact: true }));
  const document = new URL(page.url()).searchParams.get("doc");
  await seeAt(page, `${url}/compare?doc=${document}`, page.locator("ins"));
  await take("compare");

  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const { path } = JSON.parse(service.command("api", "create_share_link", `id=${document}`, "files=original", `expires_at=${tomorrow}`, "--as", "admin"));
  const outsider = await openPage(browser, { viewport: size });
  await outsider.page.goto(url + path);
  await see(outsider.page.getByRole("button", { name: "Download the original" }));
  await keep(outsider.page, "shared-link");
  await outsider.context.close();
}

async function takeScreens(page, take) {
  const screens = [["scan", "/scan"], ["paper", "/records/paper"], ["reports", "/records/reports"], ["accounts", "/admin/accounts"], ["profile", "/you"]];
  for (const [name, address] of screens) {
    await follow(page, address);
    if (name === "scan") await see(page.getByLabel("Paper"));
    await page.waitForFunction(() => !document.querySelector(".loading") && document.querySelectorAll("main li, main td, main svg").length > 3);
    await take(name);
  }
  await follow(page, "/?q=invoice+created:1999");
  await see(page.getByRole("button", { name: /^Without created:1999/ }));
  await page.locator("#results-title").focus();
  await page.keyboard.press("Control+k");
  await see(page.getByRole("combobox", { name: /./ }).last());
  await take("commands");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await see(page.getByRole("dialog", { name: "Keyboard shortcuts" }));
  await take("shortcuts");
  await page.keyboard.press("Escape");
}

async function takePlan(page, take) {
  await follow(page, "/records/schedules");
  await see(page.locator("main td"));
  await take("records");
  await follow(page, "/records/plan");
  await page.getByRole("link", { name: /3\.1 Accounting records/ }).click();
  await see(page.locator("main h2", { hasText: "Accounting records" }));
  await page.waitForFunction(() => !document.querySelector(".loading"));
  await take("file-plan");
}

async function takeInbox({ service }, page, take) {
  const { items: [accounting] } = JSON.parse(service.command("api", "classes", "q=Accounting"));
  service.command("api", "create_filing_rule", "field=class", `value=${accounting.id}`, "kind=any", "text=invoice faktura");
  await follow(page, "/inbox");
  await page.locator(".inbox-list li").filter({ hasText: /^Invoice/ }).first().getByRole("link").click();
  await see(page.getByRole("group", { name: "File it" }).getByText("100%"));
  await page.waitForFunction(() => document.querySelector(".inbox-page img")?.naturalWidth > 0);
  await page.keyboard.press("d");
  await see(page.locator(".inbox-page .outline"));
  await take("inbox");
}

async function takeRecords({ url, keep }, page, step) {
  await step("invoices are filed and declared in bulk");
  await step("one of them is placed on hold");
  await page.getByRole("link", { name: "The roof dispute" }).click();
  await see(page.locator("main td"));
  await keep(page, "hold");
  await setToday(page, url, "2060-01-01");
  await page.goto(`${url}/records/disposition`);
  await see(page.getByLabel(/^Select all 2/));
  await keep(page, "due");
  await step("years pass, and two of the three can be proposed");
  await see(page.locator("main td"));
  await keep(page, "batch");
  await step("another person approves, and it is carried out");
  await step("one is restored, the other purged when its window has passed");
  await step("the certificate is printed, and filed as a record");
  await see(page.getByRole("heading", { name: `Certificate of disposition: ${batchName}` }));
  await keep(page, "certificate");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2);
  const folder = given[0] === "--output" ? given.splice(0, 2)[1] : images;
  const browser = await launch();
  try {
    await takePictures(browser, folder, { names: given });
  } finally {
    await browser.close();
  }
}
