// The organisation's own fields of a document; each saves itself, as the others do.
import { useEffect, useState } from "preact/hooks";
import { findDocuments } from "../../api/documents";
import { findPeople } from "../../api/names";
import type { CustomValue, Document, Named } from "../../api/types";
import { Picker, type Choice } from "../../components/picker";
import { t, tLater } from "../../i18n";
import { changing } from "../../state/document";
import { mayManageAccess } from "../../state/session";
import { useAutosave } from "./autosave";
import { SavedField } from "./fields";

export function CustomFields({ document, readOnly }: { document: Document; readOnly: boolean }) {
  return <>{document.custom_fields.map((field) => <CustomField key={field.key} field={field} readOnly={readOnly || field.closed || field.hidden} />)}</>;
}

function CustomField({ field, readOnly }: { field: CustomValue; readOnly: boolean }) {
  const autosave = useAutosave();
  const text = tLater().fields;
  const save = (value: string | null) => {
    if (value !== field.value) void autosave.save(changing({ custom_fields: [{ key: field.key, value }] }));
  };
  const label = field.required ? text.required(field.name) : field.name;
  return (
    <SavedField label={label} autosave={autosave}>
      {(id) => (
        <>
          <Control id={id} field={field} label={label} readOnly={readOnly} save={save} />
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
      return mayManageAccess.value ? <Reference {...props} find={findPeople} /> : <Line {...props} shown={field.shown} />;
    case "text":
    case "number":
    case "amount":
      return <Line {...props} shown={field.value ?? ""} />;
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
function Line({ id, field, readOnly, save, shown }: ControlProps & { shown: string }) {
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  return (
    <input id={id} class="input" value={text} readOnly={readOnly} inputMode={field.kind === "number" ? "decimal" : "text"}
      placeholder={field.kind === "amount" ? "1234.50 SEK" : ""} onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => { if (text !== shown) save(text.trim() || null); }}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") { event.stopPropagation(); setText(shown); }
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
