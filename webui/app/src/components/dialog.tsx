import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Button, IconButton } from "./controls";

const typedInto = ":is(input:enabled:not([type=checkbox],[type=radio],[type=file],.visually-hidden), select:enabled, textarea:enabled)";

/** Puts the focus where typing does no harm: in the first field, also one that comes later, else on the first button of the
 *  footer, which does nothing yet. Returns what ends the waiting for a field. */
function focusIn(dialog: HTMLElement): () => void {
  const toField = () => {
    const field = dialog.querySelector<HTMLElement>(`.body ${typedInto}`);
    field?.focus();
    return field;
  };
  if (toField()) return () => undefined;
  const begun = dialog.querySelector(".body :is(.loading, .spinner)") ? dialog : dialog.querySelector<HTMLElement>("footer button:enabled:not(.danger)");
  begun?.focus();
  const observer = new MutationObserver(() => { if (document.activeElement !== (begun ?? document.activeElement) || toField()) observer.disconnect(); });
  observer.observe(dialog, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** A modal dialog. Esc closes it; the focus returns to where it was (the browser's own doing for `<dialog>`). */
export function Dialog({ title, onClose, children, footer, wide }: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    element.showModal();
    const end = focusIn(element);
    return () => {
      end();
      element.close();
    };
  }, []);
  const stay = () => dialog.current?.showModal(); // a second Esc closes it whatever the page says; it is gone when it is drawn no more
  return (
    <dialog ref={dialog} tabIndex={-1} class={`dialog ${wide ? "wide" : ""}`} aria-labelledby={id} onClose={stay}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t().common.close} onClick={onClose} />
      </header>
      <div class="body">{children}</div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ title, children, confirm, onConfirm, onClose }: {
  title: string;
  children: ComponentChildren;
  confirm: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose} footer={
      <>
        <Button onClick={onClose}>{t().common.cancel}</Button>
        <Button kind="danger" onClick={() => { onClose(); onConfirm(); }}>{confirm}</Button>
      </>
    }>
      <p>{children}</p>
    </Dialog>
  );
}
