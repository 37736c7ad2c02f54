// What can be done with all documents that match, also those that the list has not loaded.
import { useState } from "preact/hooks";
import { beginBulkChange } from "../../api/bulk";
import { explain } from "../../api/client";
import { listCustomFields } from "../../api/custom_fields";
import type { BulkChange } from "../../api/types";
import { Button, IconButton, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { bulkJob } from "../../state/bulk";
import { listQuery, pickNone, results } from "../../state/search";
import { mayDeclare, mayManageRecords } from "../../state/session";
import { showToast } from "../../state/toasts";
import { EventDialog } from "../records/events";
import { PlaceDialog } from "../records/place";
import { NamingButtons } from "./naming";

export function BulkBar() {
  const [doing, setDoing] = useState<"file" | "field" | "event" | null>(null);
  const text = tLater().bulk;
  const total = formatNumber(results.value?.total ?? 0);
  const close = () => setDoing(null);
  const begin = async (change: BulkChange) => {
    bulkJob.value = await beginBulkChange(listQuery.value, change);
    pickNone();
  };
  const attempt = (change: BulkChange) => void begin(change).catch((error: unknown) => showToast(explain(error)));
  return (
    <div class="selection-bar" role="toolbar" aria-label={text.title}>
      <span role="status">{text.chosen(total)}</span>
      <NamingButtons onChange={begin} />
      <Button compact onClick={() => setDoing("field")}>{text.setField}</Button>
      <Button compact icon="records" onClick={() => setDoing("file")}>{text.file}</Button>
      {mayDeclare.value && <Button compact icon="shield" onClick={() => attempt({ declare: true })}>{text.declare}</Button>}
      {mayManageRecords.value && <Button compact icon="clock" onClick={() => setDoing("event")}>{tLater().records.recordEvent}</Button>}
      <Button compact icon="trash" onClick={() => attempt({ trash: true })}>{text.trash}</Button>
      <IconButton icon="close" small label={text.none} onClick={pickNone} />
      {doing === "file" && <PlaceDialog title={text.file} onClose={close} onSave={(place) => begin("folder" in place ? place : { ...place, folder: null })} />}
      {doing === "field" && <FieldDialog onClose={close} onSave={begin} />}
      {doing === "event" && <EventDialog onClose={close} onSave={(name, date) => begin({ event: { name, date } })} />}
    </div>
  );
}

function FieldDialog({ onClose, onSave }: { onClose: () => void; onSave: (change: BulkChange) => Promise<void> }) {
  const fields = useLoaded(listCustomFields);
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const text = tLater().bulk;
  return (
    <FormDialog title={text.setField} onClose={onClose} onSave={() => onSave({ custom_fields: [{ key, value: value.trim() || null }] })}>
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
