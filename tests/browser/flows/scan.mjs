// Paper on SANE's test scanner becomes documents. A signed-in administrator is there.
import assert from "node:assert/strict";
import { axeFindings, see } from "../support/browser.mjs";

function dialog(page) {
  return page.getByRole("dialog");
}

export const steps = {
  async "a way to scan is kept as a large button"({ page, url }) {
    await page.goto(`${url}/scan`);
    await page.getByLabel("Paper").selectOption({ label: "Stack, one side" });
    await page.getByLabel("Dots per inch").selectOption("75");
    await page.getByLabel("A new document").selectOption({ label: "After so many pages" });
    await page.getByLabel("Pages in each").fill("5");
    await page.getByRole("button", { name: "Keep as ready-made…" }).click();
    await dialog(page).getByLabel("Name").fill("Letters");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.getByRole("button", { name: "Letters" }));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "pages come, are put right, and are filed"({ page }) {
    await page.getByRole("button", { name: "Letters" }).click();
    await see(page.getByText("All pages are in."));
    const tiles = page.locator(".scan-pages li");
    assert.equal(await tiles.count(), 10);
    const first = await tiles.nth(0).getAttribute("data-page");
    await page.getByRole("button", { name: "Page 1 later" }).click();
    await see(page.locator(`.scan-pages li:nth-child(2)[data-page="${first}"]`));
    await page.getByRole("button", { name: "Turn Page 1", exact: true }).click();
    await see(page.locator('.scan-pages li:nth-child(1) img[style*="rotate(90deg)"]'));
    await page.getByRole("button", { name: "Throw Page 10 away" }).click();
    await see(page.locator(".scan-pages li:nth-child(9):last-child"));
    await page.getByRole("button", { name: "Scan Page 9 anew" }).click();
    await see(page.getByText("All pages are in."));
    await page.getByRole("button", { name: "A document begins with Page 3" }).click();
    await see(page.getByRole("button", { name: "File 3 documents" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "File 3 documents" }).click();
    await see(page.getByText("Filed.", { exact: true }));
    assert.equal(await page.getByRole("button", { name: /^Document \d+$/ }).count(), 3);
  },

  async "the glass is looked at and an area of it scanned"({ page, url }) {
    await page.goto(`${url}/scan`);
    await page.getByLabel("Paper").selectOption({ label: "On the glass" });
    await page.getByRole("button", { name: "Preview" }).click();
    const glass = page.locator(".scan-area");
    await see(glass.locator("img"));
    await glass.scrollIntoViewIfNeeded();
    const box = await glass.boundingBox();
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.3);
    await page.mouse.up();
    await see(page.getByRole("button", { name: "The whole paper" }));
    const started = page.waitForResponse((response) => response.url().endsWith("/api/v1/scans") && response.request().method() === "POST");
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    const scan = await (await started).json();
    assert.equal(scan.plan.area.length, 4);
    await see(page.getByText("All pages are in."));
    await page.getByRole("button", { name: "Discard" }).click();
    await dialog(page).getByRole("button", { name: "Discard" }).click();
    await see(page.getByRole("button", { name: "Letters" }));
  },

  async "the page for a tablet has large buttons"({ page, url }) {
    await page.goto(`${url}/scan?kiosk=1`);
    const button = page.getByRole("button", { name: "Letters" });
    await see(button);
    assert.ok((await button.boundingBox()).height >= 64);
    assert.deepEqual(await axeFindings(page), []);
    await button.click();
    await see(page.getByText("All pages are in."));
    for (const each of await page.locator(".kiosk button").all()) assert.ok((await each.boundingBox()).height >= 64);
    await page.getByRole("button", { name: /^File/ }).click();
    await see(button);
  },
};
