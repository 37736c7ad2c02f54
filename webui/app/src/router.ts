// The address bar is the page's memory: every screen, query, filter and open page is in the URL.
import { computed, signal } from "@preact/signals";

export interface Location {
  path: string;
  query: URLSearchParams;
}

function current(): Location {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

export const location = signal<Location>(current());
export const path = computed(() => location.value.path);

/** Rises when the present address is asked for again, as by a click on a link to it. */
export const askedAgain = signal(0);

/** Where the last list was, so that going back to it from another screen restores it. */
export const lastList = signal("/");

function arrive(): void {
  location.value = current();
  if (location.value.path === "/") lastList.value = window.location.pathname + window.location.search;
}

export function startRouter(): void {
  arrive();
  window.addEventListener("popstate", arrive);
  document.addEventListener("click", followLink);
}

export function navigate(url: string, replace = false): void {
  const target = new URL(url, window.location.href);
  if (target.href === window.location.href) {
    askedAgain.value += 1;
    return;
  }
  if (replace) history.replaceState(history.state, "", target);
  else history.pushState(null, "", target);
  arrive();
}

/** Changes some parameters of the present address; a null or empty value removes the parameter. */
export function setQuery(changes: Record<string, string | null>, replace = false): void {
  const query = new URLSearchParams(location.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  navigate(withQuery(location.value.path, query), replace);
}

export function withQuery(target: string, query: URLSearchParams): string {
  const text = query.toString();
  return text ? `${target}?${text}` : target;
}

/** A click on an ordinary link to one of our own screens stays in the page; every other click is the browser's. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (url.origin !== window.location.origin || url.pathname.startsWith("/api/")) return;
  if (url.hash && url.pathname === window.location.pathname) return;
  event.preventDefault();
  navigate(url.href);
}
