// The control of one of the organisation's own fields, by its kind. What is done with a new value is its user's.
import { findDocuments } from "../../api/documents";
import { findPeople } from "../../api/names";
import type { CustomValue, Named } from "../../api/types";
import { Picker, type Choice } from "../../components/picker";
import { t, tLater } from "../../i18n";
import { mayManageAccess } from "../../state/session";

/** What is typed into a line of text. `commit` when it is left; `drop` takes it back, on Esc. */
export interface TypedLine {
  text: string;
  type: (text: string) => void;
  commit?: () => void;
  drop?: () => void;
}

interface ControlProps {
  id: string;
  field: CustomValue;
  label: string;
  readOnly: boolean;
  save: (value: string | null, shown?: string) => void; // of what is chosen
  typed: TypedLine; // for those that are lines of text
  describedBy?: string | undefined;
}

export function FieldControl(props: ControlProps) {
  const { id, field, readOnly, save, describedBy } = props;
  const text = tLater().fields;
  switch (field.kind) {
    case "yes_no":
      return <Options {...props} options={[{ value: "yes", label: text.yes }, { value: "no", label: text.no }]} />;
    case "choice":
      return <Options {...props} options={field.choices.map((name) => ({ value: name, label: name }))} />;
    case "date":
      return <input id={id} class="input" type="date" value={field.value ?? ""} readOnly={readOnly} aria-describedby={describedBy} onChange={(event) => save(event.currentTarget.value || null)} />;
    case "document":
      return <Reference {...props} find={findDocuments} />;
    case "person":
      return mayManageAccess.value ? <Reference {...props} find={findPeople} /> : <Line {...props} />;
    case "text":
    case "number":
    case "amount":
      return <Line {...props} />;
  }
}

/** What is to be known of the field beside its control. */
export function FieldHints({ field }: { field: CustomValue }) {
  const text = tLater().fields;
  return (
    <>
      {field.hidden && <div class="hint">{text.hidden}</div>}
      {field.required && !field.value && !field.hidden && <div class="hint">{text.missing}</div>}
    </>
  );
}

export function fieldLabel({ name, required }: CustomValue): string {
  return required ? tLater().fields.required(name) : name;
}

function Options({ id, field, readOnly, save, options }: ControlProps & { options: readonly { value: string; label: string }[] }) {
  return (
    <select id={id} class="input" value={field.value ?? ""} disabled={readOnly} onChange={(event) => save(event.currentTarget.value || null)}>
      <option value="" selected={!field.value}>{t().common.none}</option>
      {options.map(({ value, label }) => <option key={value} value={value} selected={value === field.value}>{label}</option>)}
    </select>
  );
}

/** Saved on Enter and when it is left; Esc takes a change back. */
function Line({ id, field, readOnly, describedBy, typed: { text, type, commit, drop } }: ControlProps) {
  return (
    <input id={id} class="input" value={text} readOnly={readOnly} aria-describedby={describedBy} inputMode={field.kind === "number" ? "decimal" : "text"}
      placeholder={field.kind === "amount" ? "1234.50 SEK" : ""} onInput={(event) => type(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape" && drop && text !== (field.kind === "person" ? field.shown : field.value ?? "")) { event.preventDefault(); drop(); }
      }} />
  );
}

function Reference({ id, field, label, readOnly, save, find }: ControlProps & { find: (part: string, signal: AbortSignal) => Promise<Named[]> }) {
  const pick = (choice: Choice) => save(choice.id === undefined ? null : String(choice.id), choice.name);
  return (
    <>
      <Picker id={id} label={label} value={field.shown} placeholder={t().panel.choose} disabled={readOnly} inputName={`field.${field.key}`} find={find}
        onPick={pick} onClear={() => save(null)} />
      {field.kind === "document" && field.value && <a class="small" href={`/?doc=${field.value}`}>{tLater().fields.openDocument}</a>}
    </>
  );
}
