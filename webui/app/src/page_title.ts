// The title of the window: the name of what is shown, as the page itself says it.

/** "Invoice 7 · Muniment", "Hold of 2024 · Holds · Records · Muniment". */
export function titleOf(main: Element): string {
  const tabs = [...main.querySelectorAll("nav.tabs [aria-current=page]")].reverse();
  const one = /\/\d|[?&]class=/.test(window.location.pathname + window.location.search) ? main.querySelector(".page h2") : null; // the record or class that is shown
  return [one, ...tabs, main.querySelector("h1")].map((element) => element?.textContent?.trim()).filter(Boolean).concat("Muniment").join(" · ");
}

/** Keeps it for as long as the page is open. */
export function followTitle(): void {
  const say = () => {
    const title = titleOf(document.querySelector("main") ?? document.body);
    if (document.title !== title) document.title = title;
  };
  new MutationObserver(say).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["aria-current"] });
  say();
}
