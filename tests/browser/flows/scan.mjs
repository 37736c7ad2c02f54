// Paper on SANE's test scanner becomes documents. A signed-in administrator is there.
import assert from "node:assert/strict";
import { axeFindings, choose, dialog, drag, openPage, see } from "../support/browser.mjs";

export const steps = {
  async "the page for a tablet says why there is nothing to press, and where that is changed"({ page, url }) {
    await page.goto(`${url}/scan?kiosk=1`);
    await see(page.getByText("There is no ready-made way to scan yet."));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "To the screen Scan" }).click();
    await see(page.getByRole("button", { name: "Keep as ready-made…" }));
  },

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

  async "ready-made ways are changed, ordered and removed"({ page }) {
    await page.getByRole("button", { name: "Arrange" }).click();
    await page.getByRole("button", { name: "New ready-made way…" }).click();
    await dialog(page).getByLabel("Name").fill("Photograph");
    await dialog(page).getByLabel("Paper").selectOption({ label: "On the glass" });
    await dialog(page).getByLabel("Colour").selectOption({ label: "In colour" });
    assert.deepEqual(await axeFindings(page), []);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Photograph earlier" }).click();
    await see(page.locator("ol.cards li:nth-child(1)").getByText("Photograph"));
    await page.getByRole("button", { name: "Edit Photograph" }).click();
    await dialog(page).getByLabel("Name").fill("Picture");
    await dialog(page).getByLabel("Scanner", { exact: true }).selectOption({ index: 1 });
    await dialog(page).getByLabel("Button on the scanner").fill("scan");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await see(page.locator("ol.cards li:nth-child(1)").getByText(/button scan, for /));
    await see(page.locator("ol.cards li:nth-child(1)").getByText("On the glass · In colour"));
    await page.getByRole("button", { name: "Remove Picture" }).click();
    await see(page.locator("ol.cards li:nth-child(1)").getByText("Letters"));
    await page.locator(".toast", { hasText: "“Picture” is deleted" }).getByRole("button", { name: "Undo" }).click();
    await see(page.locator("ol.cards li:nth-child(1)").getByText("On the glass · In colour")); // where it stood
    await page.getByRole("button", { name: "Remove Picture" }).click();
    await see(page.locator("ol.cards li:nth-child(1)").getByText("Letters"));
    await page.getByRole("button", { name: "Done", exact: true }).click();
  },

  async "pages come, are put right, and are filed"({ page, service }) {
    await page.getByRole("button", { name: "Letters" }).click();
    await see(page.getByText("All pages are in."));
    const tiles = page.locator(".organiser li");
    assert.equal(await tiles.count(), 10);
    const first = await tiles.nth(0).getAttribute("data-page");
    await page.getByRole("button", { name: "Page 1 later" }).click();
    await see(page.locator(`.organiser li:nth-child(2)[data-page="${first}"]`));
    await page.getByRole("button", { name: "Turn Page 1", exact: true }).click();
    await see(page.locator('.organiser li:nth-child(1) img[style*="rotate(90deg)"]'));
    await page.getByRole("button", { name: "Throw Page 10 away" }).click();
    await see(page.locator(".organiser li:nth-child(10)").getByText("thrown away"));
    await page.keyboard.press("z");
    await see(page.getByRole("button", { name: "Throw Page 10 away" }));
    await page.getByRole("button", { name: "Throw Page 10 away" }).click();
    await see(page.getByRole("button", { name: "Put Page 10 back" }));
    const fifth = await tiles.nth(4).getAttribute("data-page");
    await see(page.locator(`.organiser li[data-page="${fifth}"][draggable=true]`)); // not while the page before is put away
    await drag(tiles.nth(4), tiles.nth(2), { x: 8, y: 40 });
    await see(page.locator(`.organiser li:nth-child(3)[data-page="${fifth}"]`));
    await tiles.nth(2).locator(".scan-picture").focus();
    await page.keyboard.press("Alt+ArrowRight");
    await see(page.locator(`.organiser li:nth-child(4)[data-page="${fifth}"] .scan-picture:focus`));
    const ninth = await tiles.nth(8).getAttribute("data-page");
    await page.getByRole("button", { name: "Scan Page 9 anew" }).click();
    await page.locator(`li[data-page="${ninth}"]`).waitFor({ state: "detached" });
    await see(page.getByText("All pages are in."));
    await page.getByRole("button", { name: "A document begins with Page 3" }).click();
    await see(page.getByRole("button", { name: "File 3 documents" }));
    service.command("api", "create_document_type", "name=Scanned letter");
    await page.locator("summary", { hasText: "Filed as" }).click();
    await choose(page.getByRole("combobox", { name: "Type", exact: true }), "Scanned letter");
    assert.deepEqual(await axeFindings(page), []);
    const filed = page.waitForResponse((response) => response.url().endsWith("/file"));
    await page.getByRole("button", { name: "File 3 documents" }).click();
    assert.ok((await filed).request().postDataJSON().type > 0);
    await see(page.getByText("Filed.", { exact: true }));
    assert.equal(await page.getByRole("button", { name: /^Document \d+$/ }).count(), 3);
  },

  async "the glass is looked at and an area of it scanned"({ page, url }) {
    await page.goto(`${url}/scan`);
    await page.getByLabel("Paper").selectOption({ label: "On the glass" });
    await page.getByRole("button", { name: "Preview" }).click();
    const glass = page.locator(".scan-area");
    await see(glass.locator("img"));
    await page.waitForFunction(() => { // until then it has no height
      const picture = document.querySelector(".scan-area img");
      return picture?.complete && picture.naturalWidth > 0;
    });
    await glass.scrollIntoViewIfNeeded();
    const box = await glass.boundingBox();
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.3);
    await page.mouse.up();
    await see(page.getByRole("button", { name: "The whole paper" }));
    await page.getByLabel("From the left, mm").fill("20");
    await page.getByLabel("Width, mm").fill("50");
    assert.equal(await page.locator(".scan-area span").count(), 1);
    const started = page.waitForResponse((response) => response.url().endsWith("/api/v1/scans") && response.request().method() === "POST");
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    const scan = await (await started).json();
    assert.equal(scan.plan.area.length, 4);
    assert.deepEqual([scan.plan.area[0], scan.plan.area[2]], [20, 50]);
    await see(page.getByText("All pages are in."));
    await page.getByRole("button", { name: "Discard" }).click();
    await dialog(page).getByRole("button", { name: "Discard" }).click();
    await see(page.getByRole("button", { name: "Letters" }));
  },

  async "an area of what the feeder draws in is scanned, and the button says at which page it goes on"({ page, url }) {
    await page.goto(`${url}/scan`);
    await page.getByLabel("Paper").selectOption({ label: "Stack, one side" });
    await page.getByLabel("Width, mm").fill("80");
    await page.getByLabel("Height, mm").fill("60");
    const started = page.waitForResponse((response) => response.url().endsWith("/api/v1/scans") && response.request().method() === "POST");
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    assert.deepEqual((await (await started).json()).plan.area, [0, 0, 80, 60]);
    await see(page.getByText("All pages are in."));
    await see(page.getByRole("button", { name: "Continue at page 11" }));
    await page.getByRole("button", { name: "Discard" }).click();
    await dialog(page).getByRole("button", { name: "Discard" }).click();
    await see(page.getByRole("button", { name: "Letters" }));
  },

  async "a look that fails is not the last: the pages are there when the service answers again"({ page, url }) {
    await page.goto(`${url}/scan`);
    await see(page.getByRole("button", { name: "Letters" }));
    let looks = 0;
    const breakOff = (route) => (route.request().method() === "GET" && looks++ < 2 ? route.abort() : route.continue());
    await page.route(/\/api\/v1\/scans\/\d+$/, breakOff);
    await page.getByRole("button", { name: "Letters" }).click();
    const banner = page.getByText("The service does not answer. Check the connection and try again.");
    await see(banner);
    await see(page.getByText("All pages are in."));
    await banner.waitFor({ state: "detached" });
    await page.unroute(/\/api\/v1\/scans\/\d+$/, breakOff);
    await page.getByRole("button", { name: "Discard" }).click();
    await dialog(page).getByRole("button", { name: "Discard" }).click();
    await see(page.getByRole("button", { name: "Letters" }));
  },

  async "from a scan that is gone there is a way to the next"({ page, url }) {
    await page.goto(`${url}/scan?id=999999&kiosk=1`);
    await see(page.getByRole("alert"));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "New scan" }).click();
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

  async "a tablet becomes a scan station, which shows no documents, until it is revoked"({ page, browser, url }) {
    await page.goto(`${url}/admin/stations`);
    await page.getByRole("button", { name: "New scan station" }).click();
    await dialog(page).getByLabel("Name").fill("Reception");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    const address = await page.locator("[data-station]").innerText();
    await see(page.getByRole("img", { name: "The address as a QR code" }));
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    const { context, page: tablet, problems } = await openPage(browser);
    await tablet.goto(address);
    await see(tablet.getByRole("button", { name: "Letters" }));
    assert.equal(new URL(tablet.url()).hash, "", "the secret does not stay in the address");
    await tablet.goto(`${url}/`);
    await see(tablet.getByRole("button", { name: "Letters" }));
    assert.equal(await tablet.evaluate(async () => (await fetch("/api/v1/documents")).status), 403);
    assert.deepEqual(await axeFindings(tablet), []);
    await page.getByRole("button", { name: "Revoke Reception" }).click();
    await dialog(page).getByRole("button", { name: "Revoke" }).click();
    await see(page.getByText("No scan stations"));
    await tablet.goto(`${url}/scan`);
    await see(tablet.getByLabel("Password"));
    assert.deepEqual(problems, []);
    await context.close();
  },
};
