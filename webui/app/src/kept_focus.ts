// The focus stays near where it was when what had it goes, is moved, or cannot be pressed any more. Else whoever works with
// keys would begin at the top of the page again.

const focusable = "a[href],button:enabled,input:enabled,select:enabled,textarea:enabled,[tabindex='0']";

/** What has the focus, and where that is, as it was when it got it. */
interface Held {
  element: HTMLElement;
  name: string; // by which what takes its place is known again
  above: readonly Element[]; // innermost first
  row: Element | null;
  list: Element | null; // that the row is in
  rows: readonly Element[];
  path: string;
}

let held: Held | null = null;
let waits = false; // the focus is on a heading until something takes the place of what had it
let byPointer = false; // who points needs none of this

function nameOf(element: Element): string {
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
  return element.getAttribute("aria-label") ?? element.getAttribute("name") ?? element.getAttribute("href") ?? label ?? element.textContent ?? "";
}

function hold(element: HTMLElement): void {
  const above: Element[] = [];
  for (let parent = element.parentElement; parent; parent = parent.parentElement) above.push(parent);
  const row = element.closest("li,tr,.chip");
  const list = row?.parentElement ?? null;
  held = { element, name: nameOf(element), above, row, list, rows: [...(list?.children ?? [])], path: window.location.pathname };
  waits = false;
}

/** In the place of what is gone: what is called the same, or the field that it was a part of; of a row that is gone the same in the
 *  next one, or in the one before. */
function successor({ element, name, above, row, list, rows }: Held): HTMLElement | undefined {
  const scope = above.find(({ isConnected }) => isConnected);
  const alike = (within: Element) => [...within.querySelectorAll<HTMLElement>(focusable)].filter(({ tagName }) => tagName === element.tagName);
  if (row && !row.isConnected && scope === list) {
    const at = rows.indexOf(row);
    const near = [...rows.slice(at + 1), ...rows.slice(0, at).reverse()].filter(({ isConnected }) => isConnected);
    const neighbour = near.map((other) => alike(other).find(({ className }) => className === element.className)).find(Boolean);
    if (neighbour) return neighbour;
  }
  const twin = scope && name ? alike(scope).find((other) => nameOf(other) === name) : undefined;
  return twin ?? scope?.closest(".field,.picker")?.querySelector<HTMLElement>(focusable) ?? undefined;
}

/** The heading of the part of the screen or dialog that what is gone was in. */
function headingOf({ above }: Held): HTMLElement | null {
  for (const part of above) {
    if (!part.isConnected) continue;
    if (!part.closest("main,dialog")) return null;
    const heading = part.querySelector<HTMLElement>("h1") ?? part.querySelector<HTMLElement>("h2,h3");
    if (heading) return heading;
  }
  return null;
}

/** Of a pair of buttons where one leads no further the other; any other button is waited for, it may be busy. */
function otherOf(element: Element): HTMLElement | undefined {
  if (!element.matches(".icon-button")) return undefined;
  const all = [...(element.parentElement?.querySelectorAll<HTMLElement>(":scope > .icon-button") ?? [])];
  const at = all.indexOf(element as HTMLElement);
  return [all[at - 1], all[at + 1]].find((other) => other?.matches(":enabled"));
}

function look(records: readonly MutationRecord[]): void {
  if (!held || byPointer || held.path !== window.location.pathname) return; // another screen has a title of its own to begin at
  const { element } = held;
  const active = document.activeElement;
  const isLost = active === null || active === document.body || (active === element && element.matches(":disabled"));
  if (isLost) waits = false;
  else if (!waits) return;
  if (element.isConnected) {
    const concerns = records.some(({ target, removedNodes }) => target === element || [...removedNodes].some((node) => node.contains(element)));
    if (concerns) (element.matches(":disabled") ? otherOf(element) : element)?.focus();
    return;
  }
  const next = successor(held);
  if (next) return next.focus();
  const heading = waits ? null : headingOf(held);
  if (!heading) return;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  const gone = held;
  heading.focus();
  held = gone;
  waits = true;
}

/** Begins; it goes on for as long as the page is open. */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => { if (target instanceof HTMLElement) hold(target); });
  document.addEventListener("pointerdown", () => { byPointer = true; }, true);
  document.addEventListener("keydown", () => { byPointer = false; }, true);
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}
