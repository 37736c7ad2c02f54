// The organisation's own fields of a document; each saves itself, as the others do.
import type { CustomValue, Document } from "../../api/types";
import { changing, type DocumentSave } from "../../state/document";
import { useAutosave } from "./autosave";
import { FieldControl, FieldHints, fieldLabel } from "./field_control";
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
  const save = (value: string | null) => {
    if (value !== field.value) void autosave.save(saving(field, value));
  };
  const label = fieldLabel(field);
  return (
    <SavedField label={label} autosave={autosave}>
      {(id) => (
        <>
          <FieldControl id={id} field={field} label={label} readOnly={readOnly} save={save} typed={typed} />
          <FieldHints field={field} />
        </>
      )}
    </SavedField>
  );
}
