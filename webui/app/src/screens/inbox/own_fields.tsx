// The organisation's own fields in the inbox's form: those of the type that is chosen there, the required ones first.
import { listCustomFields } from "../../api/custom_fields";
import { useLoaded } from "../../components/use_loaded";
import { FieldControl, FieldHints, fieldLabel } from "../panel/field_control";
import { ownFields } from "./draft";
import type { FormProps } from "./form";
import { LabelledField } from "./labelled_field";

export function OwnFields({ document, draft, edit, pointAt }: FormProps) {
  const all = useLoaded(listCustomFields).data ?? [];
  const set = (key: string, value: string, shown: string) => edit({ fields: { ...draft.fields, [key]: { value, shown } } });
  return (
    <>
      {ownFields(all, document, draft).map((field) => {
        const label = fieldLabel(field);
        return (
          <LabelledField key={field.key} label={label}>
            {(id) => (
              <div onFocusCapture={() => pointAt(field.shown)}>
                <FieldControl id={id} field={field} label={label} readOnly={field.closed || field.hidden} save={(value, shown) => set(field.key, value ?? "", shown ?? value ?? "")}
                  typed={{ text: field.shown, type: (text) => set(field.key, text, text) }} />
                <FieldHints field={field} />
              </div>
            )}
          </LabelledField>
        );
      })}
    </>
  );
}
