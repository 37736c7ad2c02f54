// A newcomer's first hour, in each language and on each width alike: what is done, and where, is what the page itself says. In an
// archive that is empty but for its first account.
import assert from "node:assert/strict";
import { choose, openPage, see, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";
import { wordsOf } from "../support/words.mjs";

const password = "a long enough password";
const wide = { width: 1440, height: 900 };
const narrow = { width: 320, height: 640 };

/** A link of the main navigation, whatever is counted beside its name. */
const place = (page, words, name) => page.getByRole("navigation", { name: words.nav.label, exact: true }).getByRole("link", { name });

async function signIn(page, words, name) {
  await page.getByLabel(words.signIn.name, { exact: true }).fill(name);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
  await see(page.getByRole("button", { name: words.nav.account, exact: true }));
}

async function upload(page, file, title) {
  await uploadFiles(page, [{ name: file, buffer: pdf([[title, "Payment of the rent is due thirty days after the invoice."], ["Enclosure", "Within thirty days."]]) }]);
  await see(uploadItem(page, file).and(page.locator("[data-state=filed]")));
}

async function findAndLook(page, words, title) {
  await place(page, words, words.nav.documents).click();
  const field = page.getByRole("combobox", { name: words.search.label });
  await field.fill(`thirty ${title}`);
  await field.press("Enter");
  await page.locator(".row", { hasText: title }).locator("a.title").click();
  await see(page.locator(".hit-box.current"));
  await see(page.locator(".hits[aria-busy=false]"));
  await page.getByRole("button", { name: words.viewer.nextHit, exact: true }).click();
  await page.waitForFunction(() => /^2 /.test(document.querySelector(".hits [role=status]")?.textContent));
}

async function fileFromTheInbox(page, words, title) {
  await place(page, words, words.nav.inbox).click();
  await page.locator(".inbox-list li").getByRole("link", { name: title }).click();
  await see(page.locator("#inbox-title", { hasText: title }));
  await page.getByRole("button", { name: words.keys.actions.nextPage }).click();
  await see(page.getByText(words.later.inbox.page(2, 2)));
  await choose(page.getByRole("combobox", { name: words.panel.class, exact: true }), "1 Economy");
  await page.getByRole("button", { name: words.later.inbox.fileNext }).click();
  await see(page.getByText(words.later.inbox.filed(title)));
  await page.getByRole("button", { name: words.trash.undo, exact: true }).click();
  await see(page.getByText(words.later.inbox.undone(title)));
  await see(page.locator("#inbox-title", { hasText: title }));
}

/** Nothing may be wider than the window: what is cut off cannot be pressed. */
async function assertFits(page) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, `${page.url()} is wider than the window`);
}

/** What the bar of a telephone has no room for is in its menu. */
async function goToTheTrash(page, words) {
  const bar = page.getByRole("navigation", { name: words.nav.label, exact: true });
  await bar.getByRole("button", { name: words.common.more }).click();
  await page.getByRole("menuitem", { name: words.nav.trash }).click();
  await see(page.getByRole("heading", { name: words.trash.title, exact: true }));
}

async function walk({ browser, service, url }, language, viewport, title) {
  const words = await wordsOf(language);
  const name = `${language}-${viewport.width}`;
  service.command("api", "create_account", `name=${name}`, "role=staff", `password=${password}`, `language=${language}`);
  const { context, page, problems } = await openPage(browser, { viewport, locale: language === "sv" ? "sv-SE" : "en-GB" });
  try {
    await page.goto(url);
    await signIn(page, words, name);
    await upload(page, `${name}.pdf`, title);
    await assertFits(page);
    await findAndLook(page, words, title);
    await assertFits(page);
    await fileFromTheInbox(page, words, title);
    await assertFits(page);
    if (viewport === narrow) await goToTheTrash(page, words);
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

export const steps = {
  async "an empty archive offers three ways to begin"({ page, url }) {
    await page.goto(url);
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Upload files" }).click();
    assert.equal((await chooser).isMultiple(), true);
    for (const [way, address] of [["Scan paper", "/scan"], ["Look through a mailbox", "/admin/mail"]]) {
      await page.getByRole("button", { name: way }).click();
      await page.waitForURL(url + address);
      await page.goBack();
    }
  },

  async "what moves stands still for those who ask for it"({ browser, url }) {
    const { context, page } = await openPage(browser, { reducedMotion: "no-preference" });
    const longest = () => page.evaluate(() => Math.max(...[...document.querySelectorAll(".button")]
      .flatMap((button) => getComputedStyle(button).transitionDuration.split(",").map(parseFloat))));
    try {
      await page.goto(url);
      await see(page.locator(".button"));
      assert.ok(await longest() > 0, "buttons change their colour little by little");
      await page.emulateMedia({ reducedMotion: "reduce" });
      assert.equal(await longest(), 0);
    } finally {
      await context.close();
    }
  },

  async "there is a class to file in"({ service }) {
    service.command("api", "create_class", "parent=", "code=1", "title=Economy");
  },

  async "a first hour in English, on a wide screen"(all) {
    await walk(all, "en", wide, "Lease of the mill");
  },

  async "a first hour in English, on a telephone"(all) {
    await walk(all, "en", narrow, "Lease of the forge");
  },

  async "a first hour in Swedish, on a telephone"(all) {
    await walk(all, "sv", narrow, "Lease of the bakery");
  },

  async "a first hour in Swedish, on a wide screen"(all) {
    await walk(all, "sv", wide, "Lease of the brewery");
  },
};
