// One document's side of records management: why it is kept, until when, by what rule, what blocks it, and what can be done.
import { useEffect, useRef, useState } from "preact/hooks";
import { changeDocument } from "../../api/documents";
import { isRestricted, setRestricted } from "../../api/privacy";
import { addScheduleBeside, declareRecords, decideReview, documentEvents, documentHolds, explainRetention, fetchRecord, reclassify, recordEvent, removeScheduleBeside, setRecordSchedule, supersedeRecord } from "../../api/records";
import type { Document, Named, Record, RetentionExplanation } from "../../api/types";
import { Banner, Button, IconButton, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { loadDocument } from "../../state/document";
import { mayApprove, mayDeclare, mayEdit, mayHandlePrivacy, mayManageHolds, mayManageRecords, mayPropose } from "../../state/session";
import { showToast } from "../../state/toasts";
import { EventDialog, EventList } from "./events";
import { AddToHoldDialog } from "./hold_dialogs";
import { attempt, numbersIn, ReasonDialog, ReasonField, ScheduleField } from "./parts";
import { PlaceDialog, type ChosenPlace } from "./place";
import { termsInWords } from "./terms";

const load = async (document: Document) => {
  const [explanation, holds, record, events, restricted] = await Promise.all([
    explainRetention(document.id),
    documentHolds(document.id),
    document.is_record ? fetchRecord(document.id) : null,
    documentEvents(document.id),
    isRestricted(document.id),
  ]);
  return { explanation, holds, record, events, restricted };
};

type Doing = "restrict" | "supersede" | "file" | "schedule" | "beside" | "review" | "event" | "hold";

export function RetentionTab({ document }: { document: Document }) {
  return <Retention key={document.id} document={document} />;
}

function Retention({ document }: { document: Document }) {
  const latest = useRef(document);
  const loaded = useLoaded(() => load(latest.current), true);
  const { version, is_record: isRecord, on_hold: onHold } = document;
  useEffect(() => { // an open dialog stays
    if (latest.current === document) return;
    latest.current = document;
    void loaded.reload();
  }, [version, isRecord, onHold]);
  const [doing, setDoing] = useState<Doing | null>(null);
  const text = tLater().records;
  const done = () => setDoing(null);
  const changed = async () => {
    await loadDocument(document.id);
    await loaded.reload();
  };
  const declare = () => attempt(async () => {
    const [answer] = await declareRecords([document.id]);
    showToast(answer?.problem ?? text.declared(1));
  }).then(changed);
  const file = async (place: ChosenPlace, reason: string) => {
    if (document.is_record) await reclassify(document.id, place, reason);
    else await changeDocument(document, "folder" in place ? place : { ...place, folder: null });
    await changed();
  };
  return (
    <Content of={loaded}>
      {({ explanation, holds, record, events, restricted }) => (
        <>
          {restricted && <Banner kind="warn" icon="lock">{tLater().privacy.restricted}</Banner>}
          <Explanation explanation={explanation} copy={record !== null && record.custody.length > 0} record={mayManageRecords.value ? record : null} onChanged={changed} />
          <div class="button-row">
            {!document.is_record && mayDeclare.value && <Button compact kind="primary" icon="shield" onClick={() => void declare()}>{text.declare}</Button>}
            {(document.is_record ? mayManageRecords.value : mayEdit.value) && (
              <Button compact icon="records" onClick={() => setDoing("file")}>{document.is_record ? text.reclassify : text.fileIt}</Button>
            )}
            {record && mayManageRecords.value && <Button compact icon="clock" onClick={() => setDoing("schedule")}>{text.otherSchedule}</Button>}
            {record && mayManageRecords.value && <Button compact icon="plus" onClick={() => setDoing("beside")}>{text.besideSchedule}</Button>}
            {record && mayManageRecords.value && explanation.action === "review" && explanation.standing === "due" && explanation.holds === 0 && (
              <Button compact kind="primary" onClick={() => setDoing("review")}>{text.decideReview}</Button>
            )}
            {record && mayManageRecords.value && <Button compact icon="plus" onClick={() => setDoing("event")}>{text.recordEvent}</Button>}
            {record && mayManageRecords.value && <Button compact icon="copy" onClick={() => setDoing("supersede")}>{text.supersede}</Button>}
            {mayManageHolds.value && <Button compact icon="hold" onClick={() => setDoing("hold")}>{text.placeOnHold}</Button>}
            {mayHandlePrivacy.value && <Button compact icon="lock" onClick={() => setDoing("restrict")}>{restricted ? tLater().privacy.unrestrict : tLater().privacy.restrict}</Button>}
          </div>
          <h2 class="subheading">{text.tabs.holds}</h2>
          {holds.length === 0 ? <p class="muted">{text.notHeld}</p> : (
            <ul class="plain-list">
              {holds.map((hold) => (
                <li key={hold.id}>
                  <div class="grow">
                    {mayManageHolds.value ? <a href={`/records/holds/${hold.id}`}>{hold.title}</a> : <strong>{hold.title}</strong>}
                    <div class="muted small">{hold.reason} · {formatDate(hold.placed_at)}</div>
                  </div>
                </li>
              ))}
            </ul>
          )}
          <h2 class="subheading">{text.events}</h2>
          <EventList events={events} onChanged={changed} />
          {record && <RecordFacts record={record} />}
          {doing === "file" && <PlaceDialog title={document.is_record ? text.reclassify : text.fileIt} reasoned={document.is_record} onSave={file} onClose={done} />}
          {doing === "schedule" && record && <ScheduleDialog record={record} choice="own" onClose={done} onSaved={changed} />}
          {doing === "beside" && record && <ScheduleDialog record={record} choice="beside" onClose={done} onSaved={changed} />}
          {doing === "review" && record && <ScheduleDialog record={record} choice="review" onClose={done} onSaved={changed} />}
          {doing === "supersede" && record && <SupersedeDialog record={record} onClose={done} onSaved={changed} />}
          {doing === "restrict" && (
            <ReasonDialog title={restricted ? tLater().privacy.unrestrict : tLater().privacy.restrict} action={t().common.save} onClose={done}
              onSave={async (reason) => { await setRestricted(document.id, !restricted, reason); await changed(); }} />
          )}
          {doing === "event" && <EventDialog onClose={done} onSave={async (name, date) => { await recordEvent(name, date, { documents: [document.id] }); await changed(); }} />}
          {doing === "hold" && <AddToHoldDialog on={{ documents: [document.id] }} name={document.title} onClose={done} onSaved={() => void changed()} />}
        </>
      )}
    </Content>
  );
}

/** `record` is given when rules that stand beside may be removed from it. `copy`: an archive elsewhere has custody. */
function Explanation({ explanation, copy, record, onChanged }: { explanation: RetentionExplanation; copy: boolean; record: Record | null; onChanged: () => Promise<void> }) {
  const [removing, setRemoving] = useState<RetentionExplanation["rules"][number] | null>(null);
  const text = tLater().records;
  return (
    <>
      <div class="badges">
        <span class={`badge ${explanation.is_record ? "accent" : ""}`}>{explanation.is_record ? text.isRecord : text.notRecord}</span>
        <span class={`badge ${explanation.standing === "due" ? "warn" : ""}`}>{text.standings[explanation.standing]}</span>
        {explanation.holds > 0 && <span class="badge hold">{text.onHold}</span>}
        {copy && <span class="badge warn">{text.isCopy}</span>}
      </div>
      <div class="sentences" data-retention="">{explanation.sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
      {explanation.rules.length > 0 && (
        <>
          <h2 class="subheading">{text.rules}</h2>
          <ul class="plain-list">
            {explanation.rules.map((rule) => (
              <li key={`${rule.origin} ${rule.schedule.id}`}>
                <div class="grow">
                  <strong>{rule.schedule.name}</strong> {rule.deciding && <span class="badge accent">{text.deciding}</span>}
                  <div class="small">{termsInWords(rule.terms)}</div>
                  <div class="muted small">
                    {text.ruleOrigins[rule.origin]}{rule.origin_name && ` ${rule.origin_name}`}{rule.terms.authority && ` · ${rule.terms.authority}`}{rule.reason && ` · ${rule.reason}`}
                  </div>
                </div>
                {record && rule.origin === "beside" && <IconButton small icon="trash" label={text.removeBeside(rule.schedule.name)} onClick={() => setRemoving(rule)} />}
              </li>
            ))}
          </ul>
        </>
      )}
      {record && removing && (
        <ReasonDialog title={text.removeBeside(removing.schedule.name)} action={t().common.remove} onClose={() => setRemoving(null)}
          onSave={async (reason) => { await removeScheduleBeside(record, removing.schedule.id, reason); await onChanged(); }} />
      )}
    </>
  );
}

function RecordFacts({ record }: { record: Record }) {
  const text = tLater().records;
  return (
    <dl class="facts">
      <dt>{text.declaredOn}</dt><dd>{formatDate(record.declared_on)}{record.declared_by && ` · ${record.declared_by.name}`}</dd>
      {record.superseded_by !== null && <><dt>{text.supersededBy}</dt><dd><a href={`/?doc=${record.superseded_by}`}>#{record.superseded_by}</a></dd></>}
      {record.custody.length > 0 && (
        <>
          <dt>{text.copyOf}</dt>
          <dd>
            {record.custody.map(({ batch, archive, since }) => (
              <div key={batch}>{archive} · {formatDate(since)}{(mayPropose.value || mayApprove.value) && <> · <a href={`/records/disposition/${batch}`}>{text.batch} {batch}</a></>}</div>
            ))}
          </dd>
        </>
      )}
      <dt>{text.contentHash}</dt><dd class="hash">{record.content_hash}</dd>
    </dl>
  );
}

/** Which document stands in this one's place; none when the field is empty. */
function SupersedeDialog({ record, onClose, onSaved }: { record: Record; onClose: () => void; onSaved: () => Promise<void> }) {
  const [by, setBy] = useState(record.superseded_by === null ? "" : String(record.superseded_by));
  const [on, setOn] = useState(record.superseded_on ?? "");
  const text = tLater().records;
  const save = async () => {
    await supersedeRecord(record.id, numbersIn(by)[0] ?? null, on);
    await onSaved();
  };
  return (
    <FormDialog title={text.supersede} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.supersededBy} hint={text.supersededByHint} name="document" error={problem("document")} value={by} onInput={setBy} />
          <TextField label={text.eventDate} name="on" type="date" error={problem("on")} value={on} onInput={setOn} />
        </>
      )}
    </FormDialog>
  );
}

/** Another schedule for this record alone, one beside the others, or what a review decides. */
function ScheduleDialog({ record, choice, onClose, onSaved }: { record: Record; choice: "own" | "beside" | "review"; onClose: () => void; onSaved: () => Promise<void> }) {
  const [schedule, setSchedule] = useState<Named | null>(choice === "beside" ? null : record.own_schedule);
  const [reason, setReason] = useState("");
  const text = tLater().records;
  const needed = choice !== "own";
  const save = async () => {
    if (choice === "review") await decideReview(record, schedule?.id ?? 0, reason);
    else if (choice === "beside") await addScheduleBeside(record, schedule?.id ?? 0, reason);
    else await setRecordSchedule(record, schedule?.id ?? null, reason);
    await onSaved();
  };
  const title = { own: text.otherSchedule, beside: text.besideSchedule, review: text.decideReview }[choice];
  return (
    <FormDialog title={title} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          {choice === "review" && <Banner>{text.reviewHelp}</Banner>}
          {choice === "beside" && <p class="muted">{text.besideHelp}</p>}
          <ScheduleField value={schedule} required={needed} placeholder={needed ? t().panel.choose : text.asPlace} error={problem("schedule")} onPick={setSchedule} />
          <ReasonField value={reason} onInput={setReason} error={problem("reason")} />
        </>
      )}
    </FormDialog>
  );
}
