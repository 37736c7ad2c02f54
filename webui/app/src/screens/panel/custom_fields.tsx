// The organisation's own fields of a document; each saves itself, as the others do.
import { findDocuments } from "../../api/documents";
import { findPeople } from "../../api/names";
import type { CustomValue, Document, Named } from "../../api/types";
import { Picker, type Choice } from "../../components/picker";
import { t, tLater } from "../../i18n";
import { changing, type DocumentSave } from "../../state/document";
import { mayManageAccess } from "../../state/session";
import { useAutosave } from "./autosave";
import { SavedField } from "./fields";
import { useTyped } from "./typed";

export function CustomFields({ document, readOnly }: { document: Document; readOnly: boolean }) {
  return <>{document.custom_fields.map((field) => <CustomField key={field.key} field={field} readOnly={readOnly || field.closed || field.hidden} />)}</>;
}

function saving(field: CustomValue, value: string | null): DocumentSave {
  return changing({ custom_fields: [{ key: field.key, value }] });
}

function CustomField({ field, readOnly }: { field: CustomValue; readOnly: boolean }) {
  const shown = field.kind === "person" ? field.shown : field.value ?? "";
  const typed = useTyped(shown, useAutosave(), (text) => saving(field, text.trim() || null));
  const { autosave } = typed;
  const text = tLater().fields;
  const save = (value: string | null) => {
    if (value !== field.value) void autosave.save(saving(field, value));
  };
  const label = field.required ? text.required(field.name) : field.name;
  return (
    <SavedField label={label} autosave={autosave}>
      {(id) => (
        <>
          <Control id={id} field={field} label={label} readOnly={readOnly} save={save} typed={typed} />
          {field.hidden && <div class="hint">{text.hidden}</div>}
          {field.required && !field.value && !field.hidden && <div class="hint">{text.missing}</div>}
        </>
      )}
    </SavedField>
  );
}

interface ControlProps {
  id: string;
  field: CustomValue;
  label: string;
  readOnly: boolean;
  save: (value: string | null) => void;
  typed: ReturnType<typeof useTyped>; // for those that are lines of text
}

function Control(props: ControlProps) {
  const { id, field, readOnly, save } = props;
  const text = tLater().fields;
  switch (field.kind) {
    case "yes_no":
      return <Options {...props} options={[{ value: "yes", label: text.yes }, { value: "no", label: text.no }]} />;
    case "choice":
      return <Options {...props} options={field.choices.map((name) => ({ value: name, label: name }))} />;
    case "date":
      return <input id={id} class="input" type="date" value={field.value ?? ""} readOnly={readOnly} onChange={(event) => save(event.currentTarget.value || null)} />;
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

function Options({ id, field, readOnly, save, options }: ControlProps & { options: readonly { value: string; label: string }[] }) {
  return (
    <select id={id} class="input" value={field.value ?? ""} disabled={readOnly} onChange={(event) => save(event.currentTarget.value || null)}>
      <option value="" selected={!field.value}>{t().common.none}</option>
      {options.map(({ value, label }) => <option key={value} value={value} selected={value === field.value}>{label}</option>)}
    </select>
  );
}

/** Saved on Enter and when it is left; Esc takes the change back. */
function Line({ id, field, readOnly, typed: { text, type, commit, drop } }: ControlProps) {
  return (
    <input id={id} class="input" value={text} readOnly={readOnly} inputMode={field.kind === "number" ? "decimal" : "text"}
      placeholder={field.kind === "amount" ? "1234.50 SEK" : ""} onInput={(event) => type(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") { event.stopPropagation(); drop(); }
      }} />
  );
}

function Reference({ id, field, label, readOnly, save, find }: ControlProps & { find: (part: string, signal: AbortSignal) => Promise<Named[]> }) {
  const pick = (choice: Choice) => save(choice.id === undefined ? null : String(choice.id));
  return (
    <>
      <Picker id={id} label={label} value={field.shown} placeholder={t().panel.choose} disabled={readOnly} inputName={field.key} find={find}
        onPick={pick} onClear={() => save(null)} />
      {field.kind === "document" && field.value && <a class="small" href={`/?doc=${field.value}`}>{tLater().fields.openDocument}</a>}
    </>
  );
}
