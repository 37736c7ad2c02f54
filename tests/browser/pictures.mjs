#!/usr/bin/env node
// Takes the pictures of docs/images from an archive that was just made with `scripts/start --demo` and has no account yet:
//   node pictures.mjs URL CODE
import { fileURLToPath } from "node:url";
import { launch, openPage, see } from "./support/browser.mjs";

const [url, code] = process.argv.slice(2);
if (!url || !code) {
  console.error("usage: pictures.mjs URL CODE (the service's address and the one-time code it printed)");
  process.exit(2);
}
const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const password = "only for the pictures";

const browser = await launch();
try {
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
    await look.page.screenshot({ path: `${images}${name}.png` });
    await look.context.close();
  }
} finally {
  await browser.close();
}
