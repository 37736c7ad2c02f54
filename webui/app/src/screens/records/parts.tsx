// What several of these screens need.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { findSchedules } from "../../api/file_plan";
import type { RetentionExplanation } from "../../api/types";
import { Chooser, type ChooserProps } from "../../components/choosers";
import { Field } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { showToast } from "../../state/toasts";

/** Does something that the server may refuse, and says how it went. False when it was refused. */
export async function attempt(action: () => Promise<void>, done?: string): Promise<boolean> {
  try {
    await action();
  } catch (error) {
    showToast(explain(error));
    return false;
  }
  if (done) showToast(done);
  return true;
}

/** Asks for the reason of something before it is done. */
export function ReasonDialog({ title, help, action, optional, onSave, onClose }: {
  title: string;
  help?: ComponentChildren;
  action: string;
  optional?: boolean;
  onSave: (reason: string) => Promise<void>;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog title={title} action={action} onClose={onClose} onSave={() => onSave(reason.trim())}>
      {(problem) => (
        <>
          {help && <div class="muted">{help}</div>}
          <ReasonField value={reason} onInput={setReason} error={problem("reason")} {...(optional ? { optional } : {})} />
        </>
      )}
    </FormDialog>
  );
}

export function ReasonField({ value, onInput, error, optional }: { value: string; onInput: (reason: string) => void; error?: string | undefined; optional?: boolean }) {
  return (
    <Area label={optional ? tLater().records.comment : tLater().records.reason} name="reason" value={value} onInput={onInput} error={error} required={!optional} />
  );
}

export function Area({ label, hint, name, value, onInput, error, required }: {
  label: string;
  hint?: string;
  name: string;
  value: string;
  onInput: (text: string) => void;
  error?: string | undefined;
  required?: boolean;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <textarea {...control} class="input" name={name} required={required ?? false} value={value} onInput={(event) => onInput(event.currentTarget.value)} />}
    </Field>
  );
}

/** A choice among the schedules in use; `placeholder` says what it means to choose none. */
export function ScheduleField({ label, ...props }: Omit<ChooserProps, "label"> & { label?: string }) {
  return <Chooser {...props} label={label ?? tLater().records.schedule} find={findSchedules} />;
}

export function TableRegion({ label, children }: { label: string; children: ComponentChildren }) {
  return <div class="table-wrap" tabIndex={0} role="region" aria-label={label}><table class="table">{children}</table></div>;
}

/** The heads of a table's columns; an empty one is the column of actions. */
export function TableHead({ columns }: { columns: readonly string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => <th key={column} scope="col">{column || <span class="visually-hidden">{tLater().records.actionsColumn}</span>}</th>)}
      </tr>
    </thead>
  );
}

type Decision = Pick<RetentionExplanation, "standing" | "action" | "retain_through">;

/** A decision in a few words: "kept through 31 Dec 2031, then destroyed". */
export function decisionInWords({ standing, action, retain_through: through }: Decision): string {
  const text = tLater().records;
  if ((standing === "running" || standing === "due") && through) return text.keptThrough(formatDate(through), text.then[action]);
  return text.standings[standing];
}

/** A document's number typed or pasted among others: "12, 14 15". */
export function numbersIn(text: string): number[] {
  return [...new Set((text.match(/\d+/g) ?? []).map(Number).filter((id) => id > 0))];
}
