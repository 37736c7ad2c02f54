// A date, or one of the organisation's own fields, set in many documents at once.
import { useState } from "preact/hooks";
import { listCustomFields } from "../../api/custom_fields";
import type { BulkChange } from "../../api/types";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";

/** `onSave` is given the change and the value, which is empty where the field is cleared. */
export function FieldDialog({ onClose, onSave }: { onClose: () => void; onSave: (change: BulkChange, value: string) => Promise<void> }) {
  const fields = useLoaded(listCustomFields);
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const text = tLater().bulk;
  return (
    <FormDialog title={text.setField} onClose={onClose} onSave={() => onSave({ custom_fields: [{ key, value: value.trim() || null }] }, value.trim())}>
      {() => (
        <Content of={fields}>
          {(all) => (
            <>
              <Select required label={text.field} value={key} onChange={setKey}
                options={[{ value: "", label: t().panel.choose }, ...all.filter((field) => !field.closed).map((field) => ({ value: field.key, label: field.name }))]} />
              <TextField label={text.value} hint={text.valueHint} name="value" value={value} onInput={setValue} />
            </>
          )}
        </Content>
      )}
    </FormDialog>
  );
}

/** `onSave` is given the change and the day in words, which is empty where the date is cleared. */
export function DateDialog({ onClose, onSave }: { onClose: () => void; onSave: (change: BulkChange, day: string) => Promise<void> }) {
  const [day, setDay] = useState("");
  const text = tLater().bulk;
  return (
    <FormDialog title={text.setDate} onClose={onClose} onSave={() => onSave({ document_date: day || null }, day && formatDate(day))}>
      {(problem) => <TextField type="date" label={t().panel.date} hint={text.valueHint} name="document_date" value={day} onInput={setDay} error={problem("document_date")} />}
    </FormDialog>
  );
}
