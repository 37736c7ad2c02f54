// Every screen in both languages, light and dark, wide and narrow: no accessibility violations, nothing cut off.
import assert from "node:assert/strict";
import { axeFindings, follow, see, speakAs } from "../support/browser.mjs";

export const screens = ["/", "/?q=thirty", "/?q=thirty&doc=1", "/?doc=1&tab=text", "/?doc=1&tab=notes", "/?doc=1&tab=retention", "/?doc=1&tab=paper", "/?doc=1&tab=file", "/nowhere", "/inbox", "/activity", "/quarantine", "/trash", "/scan", "/scan?kiosk=1", "/you", "/notifications", "/shared", "/organise?doc=1", "/compare?doc=1", "/admin/accounts", "/admin/roles", "/admin/groups", "/admin/access", "/admin/rules", "/admin/names", "/admin/fields", "/admin/sources", "/admin/mail", "/admin/import", "/admin/status", "/admin/audit", "/admin/stations", "/admin/workflows",
  "/records/overview", "/records/plan?class=1", "/records/schedules", "/records/holds", "/records/holds/1", "/records/disposition", "/records/reports", "/records/privacy", "/records/disposition/1", "/records/disposition/1/certificate", "/records/destroyed", "/records/overview?standing=permanent", "/records/overview?standing=not-declared", "/records/packages", "/records/paper", "/records/paper/loans", "/records/paper/inventory", "/records/paper/destroy", "/share/x"];
const loadedAnew = /[?&]tab=|^\/share\//; // a tab that is chosen stays, and an outsider's page is none of the page's own screens
/** Goes to one of them, and waits until it is there: two frames on it is drawn, or that it is being loaded. */
export async function visit(page, url, screen) {
  if (loadedAnew.test(screen)) await page.goto(url + screen);
  else {
    await follow(page, screen);
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  }
  await see(page.locator("main h1:visible, main h2:visible"));
  await page.waitForFunction(() => !document.querySelector(".loading"));
  if (!screen.startsWith("/share/")) await page.waitForFunction(isTitled);
}

/** The window is titled as the screen that it shows, and its tab. */
function isTitled() {
  const named = [...document.querySelectorAll("main h1, main nav.tabs [aria-current=page]")].map(({ textContent }) => textContent.trim());
  return named.length > 0 && named.every((name) => document.title.includes(name)) && document.title.endsWith(" · Muniment");
}

/** `colours` as axeFindings has them: where they are those of another look they are not looked at again. */
const looks = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "Swedish, dark", options: { locale: "sv-SE", colorScheme: "dark" } },
  { name: "Swedish at 320 pixels", options: { locale: "sv-SE", viewport: { width: 320, height: 640 } }, colours: false },
  { name: "high contrast", options: { contrast: "more", colorScheme: "dark" }, colours: "only" },
  { name: "at 200 % on a small screen", options: { viewport: { width: 640, height: 400 } }, colours: false },
];

async function findingsNow(page, colours) {
  const found = await axeFindings(page, { targets: true, colours });
  for (const [what, where] of Object.entries(await page.evaluate(whatDoesNotFit))) {
    if (where.length > 0) found.push(`${what}: ${where.join(", ")}`);
  }
  return found;
}

/** What is wider than the window or than what it stands in, and words that are left so little room that they stand letter below letter. */
function whatDoesNotFit() {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) => `${element.tagName.toLowerCase()}.${element.className} ${element.textContent.trim().slice(0, 30)}`;
  return {
    "wider than the window": [document.documentElement, ...all("main, .sheet, .row, .card, .topbar, .rail, .viewer-bar, .panel, .tabs")]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1).map(named),
    "to be scrolled sideways": [document.documentElement, ...all("main")].filter((element) => element.scrollWidth > element.clientWidth + 1).map(named),
    "cut off": all(".rail-link > span:not(.visually-hidden)").filter((element) => element.scrollWidth > element.clientWidth).map(named),
    squeezed: all("main :is(h1, h2, h3, p, dt, dd, .grow)").filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 1 && width < 56 && height > 80;
    }).map(named),
  };
}

/** What is still wrong when the screen is looked at again: parts of it may have been on their way at first. */
async function lastingFindings(page, colours) {
  let found = await findingsNow(page, colours);
  for (let again = 0; again < 3 && found.length > 0; again += 1) {
    console.log(`looked at again: ${page.url()}: ${found.join("; ")}`);
    found = await findingsNow(page, colours);
  }
  return found;
}

export const looksToTest = looks.map(({ name, options, colours }) => ({
  name: `every screen, ${name}`,
  options,
  async run({ page, url }) {
    const findings = [];
    if (options.locale) await speakAs(page, url, "sv");
    else await page.goto(url);
    if (options.contrast) await page.locator("html[data-contrast=more]").waitFor();
    try {
      for (const screen of screens) {
        await visit(page, url, screen);
        for (const finding of await lastingFindings(page, colours)) findings.push(`${screen}: ${finding}`);
      }
      assert.deepEqual(findings, []);
      if (options.locale) assert.equal(await page.locator("html").getAttribute("lang"), "sv");
    } finally {
      if (options.locale) await speakAs(page, url, "en");
    }
  },
}));
