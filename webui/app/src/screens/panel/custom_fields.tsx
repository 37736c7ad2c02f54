// The organisation's own fields of a document; each saves itself, as the others do.
import { useEffect, useState } from "preact/hooks";
import { fetchFields } from "../../api/filing";
import type { CustomValue, Document, FoundField } from "../../api/types";
import { changing, type DocumentSave } from "../../state/document";
import { pointedBox } from "../../state/pointed";
import { foundFor } from "../found_values";
import { useAutosave } from "./autosave";
import { FieldControl, FieldHints, fieldLabel } from "./field_control";
import { SavedField } from "./fields";
import { FoundChoices } from "./found_choices";
import { pointAt } from "./found_fields";
import { useTyped } from "./typed";

export function CustomFields({ document, readOnly }: { document: Document; readOnly: boolean }) {
  const found = useFound(document, !readOnly && document.state === "ready" && document.custom_fields.some((field) => field.fill_from !== null));
  return (
    <>
      {document.custom_fields.map((field) => (
        <CustomField key={field.key} field={field} document={document} found={foundFor(field, found)} readOnly={readOnly || field.closed || field.hidden} />
      ))}
    </>
  );
}

/** What was found on the document's pages, while it is `wanted`. */
function useFound(document: Document, wanted: boolean): readonly FoundField[] {
  const [found, setFound] = useState<readonly FoundField[]>([]);
  useEffect(() => {
    let current = true;
    const show = (fields: readonly FoundField[]) => { if (current) setFound(fields); };
    if (wanted) fetchFields(document.id).then(show, () => show([])); // an aid: without it the fields are filled in by hand
    else show([]);
    return () => { current = false; };
  }, [document.id, wanted]);
  return found;
}

function saving(field: CustomValue, value: string | null): DocumentSave {
  return changing({ custom_fields: [{ key: field.key, value }] });
}

function CustomField({ field, document, found, readOnly }: { field: CustomValue; document: Document; found: readonly FoundField[]; readOnly: boolean }) {
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
          {!readOnly && <FoundChoices field={field} found={found} point={(one) => pointAt(document.id, one)} leave={() => { pointedBox.value = null; }} choose={save} />}
        </>
      )}
    </SavedField>
  );
}
