import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { ApiError, explain } from "../api/client";
import { Banner, Button } from "./controls";
import { Dialog } from "./dialog";
import { t } from "../i18n";

/** A dialog that saves something: it stays, with the reason, when that is refused. */
export function FormDialog({ title, onClose, onSave, action, wide, unready, children }: {
  title: string;
  action?: string; // what the button says instead of "Save"
  wide?: boolean;
  unready?: boolean; // what is filled in is not enough yet
  onClose: () => void;
  onSave: () => Promise<void>;
  children: (problem: (field: string) => string | undefined) => ComponentChildren;
}) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const problem = (field: string) => (error instanceof ApiError ? error.field(field) : undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSave();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const close = () => { if (!busy) onClose(); }; // what is being saved ends by itself
  return (
    <Dialog title={title} onClose={close} {...(wide ? { wide } : {})} footer={
      <>
        <Button onClick={close}>{t().common.cancel}</Button>
        <Button type="submit" form={id} kind="primary" disabled={busy || (unready ?? false)}>{action ?? t().common.save}</Button>
      </>
    }>
      <form id={id} class="stack" onSubmit={(event) => void submit(event)}>
        {error !== null && <Banner kind="danger">{explain(error)}</Banner>}
        {children(problem)}
      </form>
    </Dialog>
  );
}
