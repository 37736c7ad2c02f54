// A page that is used without a mouse: what a test clicks is reached and pressed with keys, or the test fails.
import assert from "node:assert/strict";
import { until } from "./browser.mjs";

const raw = Symbol("what is wrapped");
const mostSteps = 200; // through a menu or a list of options

/** The steps of a flow, given a page whose every click is keys. */
export function withKeysAlone(steps) {
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, (all) => step({ ...all, page: wrapped(all.page) })]));
}

const instead = { click: press, check: (locator) => set(locator, true), uncheck: (locator) => set(locator, false) };

/** The same page or locator, but for what a mouse does; and so is every locator that it makes. */
function wrapped(made) {
  const isLocator = typeof made?.nth === "function" && typeof made.waitFor === "function";
  if (!isLocator && typeof made?.goto !== "function") return made;
  return new Proxy(made, {
    get(target, name) {
      if (name === raw) return target;
      if (isLocator && name in instead) return () => instead[name](target);
      const value = target[name];
      if (typeof value !== "function") return value;
      return (...given) => wrapped(value.apply(target, given.map(bare)));
    },
  });
}

/** What is given to a page or locator of the browser's own, locators in options as well. */
function bare(given) {
  if (given?.[raw]) return given[raw];
  if (given?.constructor === Object) return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, bare(value)]));
  return given;
}

async function set(locator, wanted) {
  await locator.waitFor();
  if (await locator.isChecked() !== wanted) await press(locator);
  assert.equal(await locator.isChecked(), wanted, `${locator} is set with a key`);
}

async function press(locator) {
  await locator.waitFor();
  await until(() => locator.isEnabled()); // it may wait for an answer
  const role = await locator.evaluate((element) => element.getAttribute("role") ?? element.getAttribute("type") ?? element.tagName.toLowerCase());
  if (role === "tab") await stepTo(locator, "ArrowRight", () => focused(locator), () => locator.evaluate((element) => element.closest("[role=tablist]").querySelector("[tabindex='0']").focus()));
  else if (/^menuitem/.test(role)) await stepTo(locator, "ArrowDown", () => focused(locator));
  else if (role === "option") await stepTo(locator, "ArrowDown", () => locator.evaluate((element) => document.activeElement.getAttribute("aria-activedescendant") === element.id));
  else await reach(locator);
  if (role !== "combobox" && role !== "text") await locator.page().keyboard.press(role === "checkbox" || role === "radio" ? "Space" : "Enter");
}

const focused = (locator) => locator.evaluate((element) => document.activeElement === element);

/** By the key that goes through the entries of a menu, a list or a row of tabs. */
async function stepTo(locator, key, arrived, begin = async () => undefined) {
  await begin();
  for (let step = 0; step < mostSteps; step += 1) {
    if (await arrived()) return;
    await locator.page().keyboard.press(key);
  }
  assert.fail(`${locator} is not reached with ${key}`);
}

/** Going back from it and forth again with Tab has to lead to it. What is drawn anew meanwhile is tried again. */
async function reach(locator) {
  const { keyboard } = locator.page();
  for (let again = 0; again < 5; again += 1) {
    await locator.focus();
    if (!await focused(locator)) continue;
    await keyboard.press("Shift+Tab");
    await keyboard.press("Tab");
    if (await focused(locator)) return;
  }
  assert.fail(`${locator} is not reached with Tab`);
}
