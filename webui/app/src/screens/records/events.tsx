// Events that start periods: recorded, listed, and corrected with the old one kept.
import { useId, useState } from "preact/hooks";
import { correctEvent, eventNames } from "../../api/records";
import type { RetentionEvent } from "../../api/types";
import { Button, Checkbox, Field, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { mayManageRecords } from "../../state/session";
import { ReasonField } from "./parts";

export function EventDialog({ onSave, onClose }: { onSave: (name: string, date: string) => Promise<void>; onClose: () => void }) {
  const [name, setName] = useState("");
  const [date, setDate] = useState("");
  const names = useLoaded(eventNames);
  const list = useId();
  const text = tLater().records;
  return (
    <FormDialog title={text.recordEvent} onClose={onClose} onSave={() => onSave(name.trim(), date)}>
      {(problem) => (
        <>
          <Field label={text.eventName} hint={text.eventNameHint} error={problem("name")}>
            {(control) => <input {...control} class="input" name="name" required list={list} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
          </Field>
          <datalist id={list}>{names.data?.map((known) => <option key={known} value={known} />)}</datalist>
          <TextField label={text.eventDate} name="date" type="date" required error={problem("date")} value={date} onInput={setDate} />
        </>
      )}
    </FormDialog>
  );
}

export function EventList({ events, onChanged }: { events: readonly RetentionEvent[]; onChanged: () => Promise<void> }) {
  const [correcting, setCorrecting] = useState<RetentionEvent | null>(null);
  const text = tLater().records;
  if (events.length === 0) return <p class="muted">{text.noEvents}</p>;
  return (
    <>
      <ul class="plain-list">
        {events.map((event) => (
          <li key={event.id}>
            <div class="grow">
              {event.corrected_at ? <s>{event.name} {formatDate(event.date)}</s> : <span><strong>{event.name}</strong> {formatDate(event.date)}</span>}
              {event.folder !== null && <span class="muted"> · {text.onFolder}</span>}
              {event.reason && <div class="muted small">{event.reason}</div>}
            </div>
            {!event.corrected_at && mayManageRecords.value && (
              <Button compact icon="edit" aria-label={`${text.correct} ${event.name}`} onClick={() => setCorrecting(event)}>{text.correct}</Button>
            )}
          </li>
        ))}
      </ul>
      {correcting && <Correction event={correcting} onClose={() => setCorrecting(null)} onSaved={onChanged} />}
    </>
  );
}

function Correction({ event, onClose, onSaved }: { event: RetentionEvent; onClose: () => void; onSaved: () => Promise<void> }) {
  const [date, setDate] = useState(event.date);
  const [never, setNever] = useState(false);
  const [reason, setReason] = useState("");
  const text = tLater().records;
  const save = async () => {
    await correctEvent(event.id, never ? null : date, reason);
    await onSaved();
  };
  return (
    <FormDialog title={`${text.correct}: ${event.name}`} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          {!never && <TextField label={text.eventDate} name="date" type="date" required error={problem("date")} value={date} onInput={setDate} />}
          <Checkbox label={text.didNotHappen} checked={never} onChange={setNever} />
          <ReasonField value={reason} onInput={setReason} error={problem("reason")} />
        </>
      )}
    </FormDialog>
  );
}
