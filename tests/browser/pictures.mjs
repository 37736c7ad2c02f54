#!/usr/bin/env node
// Takes the pictures of docs/images, or only those that are named, from a demonstration with two scanners that it starts itself:
//   node pictures.mjs [NAME...]
import { fileURLToPath } from "node:url";
import { fillWithTheDemonstration } from "./flows/records_walk.mjs";
import { launch, openPage, see, uploadFiles, uploadItem } from "./support/browser.mjs";
import { broken, lease, minutes } from "./support/files.mjs";
import { Service } from "./support/service.mjs";

const wanted = process.argv.slice(2);
const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const password = "only for the pictures";

const service = await Service.start();
const { url, code } = service;
const browser = await launch();
try {
  fillWithTheDemonstration(service, { scans: true });
  const keep = async (from, name) => {
    if (wanted.length === 0 || wanted.includes(name)) await from.screenshot({ path: `${images}${name}.png` });
  };
  const { context, page } = await openPage(browser);
  await page.goto(`${url}/#code=${code}`);
  await page.getByLabel("User name").fill("anna");
  await page.getByLabel("Your name").fill("Anna Berg");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password again").fill(password);
  await page.getByRole("button", { name: "Create the account" }).click();
  await see(page.locator(".row"));
  const signedIn = { ...(await context.storageState()), origins: [] };
  for (const [name, options] of [["search", {}], ["search-dark", { colorScheme: "dark" }], ["phone", { viewport: { width: 390, height: 780 } }]]) {
    const look = await openPage(browser, { ...options, storageState: signedIn });
    await look.page.goto(`${url}/?q=invoice`);
    await look.page.locator(".row:has(mark) .snippet:has(mark)").first().click();
    await see(look.page.locator(".hit-box.current"));
    await look.page.waitForFunction(() => [...document.querySelectorAll(".sheet img, .thumb img")].slice(0, 8).every((image) => image.complete));
    await keep(look.page, name);
    await look.context.close();
  }
  const look = await openPage(browser, { viewport: { width: 1280, height: 800 }, storageState: signedIn });
  const take = (name) => keep(look.page, name);

  await look.page.goto(`${url}/?q=invoice`);
  await look.page.locator(".row a.title").first().click();
  await look.page.getByRole("tab", { name: "Text" }).click();
  await see(look.page.getByRole("button", { name: "Correct the text" }));
  await look.page.waitForFunction(() => [...document.querySelectorAll(".sheet img")].slice(0, 1).every((image) => image.complete && image.naturalWidth > 0));
  await take("document");

  await look.page.goto(url);
  await see(look.page.locator(".row"));
  await uploadFiles(look.page, [{ name: "lease.pdf", buffer: lease }, { name: "broken.pdf", buffer: broken }, { name: "minutes.pdf", buffer: minutes }]);
  for (const name of ["lease.pdf", "minutes.pdf"]) await see(uploadItem(look.page, name).and(look.page.locator("[data-state=filed]")));
  await see(uploadItem(look.page, "broken.pdf").and(look.page.locator("[data-state=failed]")));
  await take("upload");
  await look.page.getByRole("button", { name: "Clear what is done" }).click();

  for (const [name, address, sign] of [["scan", "/scan", "main h2"], ["paper", "/records/paper", "main h1"], ["reports", "/records/reports", "main h1"]]) {
    await look.page.goto(url + address);
    await see(look.page.locator(sign));
    if (name === "scan") await see(look.page.getByLabel("Paper"));
    await look.page.waitForFunction(() => !document.querySelector(".loading") && document.querySelectorAll("main li, main td, main svg").length > 3);
    await take(name);
  }

  await look.page.goto(`${url}/records/plan`);
  await look.page.getByRole("button", { name: "Start from a plan for a small office" }).click();
  await look.page.getByRole("dialog").getByRole("button", { name: "Load it" }).click();
  await look.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await look.page.getByText("No file plan yet").waitFor({ state: "detached" });
  await look.page.goto(`${url}/records/schedules`);
  await see(look.page.locator("main td"));
  await take("records");

  await look.page.goto(`${url}/?q=invoice+created:1999`);
  await see(look.page.getByRole("button", { name: /^Without created:1999/ }));
  await look.page.keyboard.press("Escape");
  await look.page.locator("#results-title").focus();
  await look.page.keyboard.press("Control+k");
  await see(look.page.getByRole("combobox", { name: /./ }).last());
  await take("commands");

  const make = (path, body) => look.page.evaluate(async ([address, content]) => {
    const { csrf_token: token } = await (await fetch("/api/v1/session")).json();
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, body: JSON.stringify(content) });
    return answer.json();
  }, [`/api/v1/${path}`, body]);
  const economy = await make("classes", { parent: null, code: "E", title: "Economy" });
  await make("filing-rules", { field: "class", value: economy.id, kind: "any", text: "invoice faktura" });
  await look.page.goto(`${url}/inbox`);
  await look.page.locator(".inbox-list li").filter({ hasText: /^Invoice/ }).first().getByRole("link").click();
  await see(look.page.getByRole("group", { name: "File it" }).getByText("100%"));
  await look.page.waitForFunction(() => document.querySelector(".inbox-page img")?.naturalWidth > 0);
  await look.page.keyboard.press("d");
  await see(look.page.locator(".inbox-page .outline"));
  await take("inbox");
  await look.context.close();
} finally {
  await browser.close();
  await service.stop();
}
