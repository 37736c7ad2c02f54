// A button that opens a menu (the ARIA menu-button pattern), in the top layer by the popover API.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

/** Places a popover under its anchor, or above where there is more room, and keeps it inside the window. */
export function placeBy(anchor: Element, popover: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = box.bottom + 4;
  const top = below + height > window.innerHeight - 8 && box.top - height - 4 > 8 ? box.top - height - 4 : below;
  const left = Math.min(Math.max(8, box.left), window.innerWidth - width - 8);
  popover.style.top = `${Math.max(8, top)}px`;
  popover.style.left = `${Math.max(8, left)}px`;
}

export function Menu({ label, trigger, children, class: className = "icon-button", title }: {
  label: string;
  trigger: ComponentChildren;
  children: (close: () => void) => ComponentChildren;
  class?: string;
  title?: string;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem],[role=menuitemradio]") ?? [])];

  useLayoutEffect(() => {
    if (!open || !menu.current || !button.current) return;
    menu.current.showPopover();
    placeBy(button.current, menu.current);
    items()[0]?.focus();
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (step: number) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Home: () => items()[0]?.focus(),
      End: () => items().at(-1)?.focus(),
      Escape: close,
      Tab: () => setOpen(false),
    };
    const action = moves[event.key];
    if (!action) return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    action();
  };

  return (
    <>
      <button ref={button} type="button" class={className} title={title ?? label} aria-haspopup="menu"
        aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        {trigger}
        <span class="visually-hidden">{label}</span>
      </button>
      {open && (
        <div ref={menu} id={id} class="menu" role="menu" aria-label={label} popover="auto" onKeyDown={onKeyDown}
          onToggle={(event) => { if ((event as ToggleEvent).newState === "closed") setOpen(false); }}>
          {children(close)}
        </div>
      )}
    </>
  );
}

export function MenuItem({ icon, children, onSelect, href, download, danger, checked }: {
  icon?: IconName;
  children: ComponentChildren;
  onSelect?: () => void;
  href?: string;
  download?: boolean;
  danger?: boolean;
  checked?: boolean; // makes the item one of a group of choices
}) {
  const shared = {
    class: `menu-item ${danger ? "danger" : ""}`,
    tabIndex: -1,
    role: checked === undefined ? ("menuitem" as const) : ("menuitemradio" as const),
    ...(checked === undefined ? {} : { "aria-checked": checked }),
  };
  const content = (
    <>
      {icon && <Icon name={icon} size={18} />}
      <span class="grow">{children}</span>
      {checked && <Icon name="check" size={16} />}
    </>
  );
  if (href) return <a {...shared} href={href} {...(download ? { download: "" } : {})} onClick={() => onSelect?.()}>{content}</a>;
  return <button type="button" {...shared} onClick={() => onSelect?.()}>{content}</button>;
}
