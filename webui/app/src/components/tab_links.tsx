import { useLayoutEffect, useRef } from "preact/hooks";

interface TabLink {
  href: string;
  label: string;
  current: boolean;
}

/** The parts of a screen, as links. Where there is no room for all of them the open one is in sight. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  const list = useRef<HTMLElement>(null);
  const open = tabs.find(({ current }) => current)?.href;
  useLayoutEffect(() => {
    const link = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (list.current && link) list.current.scrollLeft = link.offsetLeft - (list.current.clientWidth - link.offsetWidth) / 2;
  }, [open]);
  return (
    <nav ref={list} class="tabs" aria-label={label}>
      {tabs.map(({ href, label: name, current }) => <a key={href} href={href} aria-current={current ? "page" : undefined}>{name}</a>)}
    </nav>
  );
}
