// The form of a schedule. A change shows what it would do to the records before it is made.
import { useState } from "preact/hooks";
import { changeSchedule, createSchedule } from "../../api/file_plan";
import type { TombstoneField } from "../../api/tombstones";
import type { Schedule, ScheduleTerms, Trigger } from "../../api/types";
import { Banner, Button, IconButton, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater, t } from "../../i18n";
import { monthName } from "../../i18n/format";
import { KeptFields } from "./kept_fields";
import { ReasonField } from "./parts";
import { PlanPreview } from "./plan_preview";
import { actions, changedTerms, cutoffs, isNamed, readPeriod, ruleKinds, termsInWords, triggerKinds, units, writePeriod } from "./terms";

const blank: ScheduleTerms = {
  title: "", triggers: [{ kind: "folder-closed" }], combine: "all", cutoff: "calendar-year", fiscal_start: 1, period: "7 years", action: "destroy", kind: "minimum", authority: "",
};

export function ScheduleDialog({ schedule, onClose, onSaved }: { schedule: Schedule | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [code, setCode] = useState(schedule?.code ?? "");
  const [terms, setTerms] = useState<ScheduleTerms>(schedule?.terms ?? blank);
  const [reason, setReason] = useState("");
  const text = tLater().records;
  const set = (change: Partial<ScheduleTerms>) => setTerms({ ...terms, ...change });
  const permanent = terms.action === "permanent";
  const save = async () => {
    if (schedule) await changeSchedule(schedule, changedTerms(schedule.terms, terms), reason);
    else await createSchedule(code.trim(), terms);
    await onSaved();
  };
  const choices = <T extends string>(values: readonly T[], labels: Record<T, string>) => values.map((value) => ({ value, label: labels[value] }));
  return (
    <FormDialog wide title={schedule ? `${text.changeSchedule}: ${schedule.code}` : text.newSchedule} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <div class="columns">
            {!schedule && <TextField label={text.code} name="code" required error={problem("code")} value={code} onInput={setCode} />}
            <TextField label={text.scheduleName} name="title" required error={problem("title")} value={terms.title} onInput={(title) => set({ title })} />
          </div>
          <div class="columns">
            <Select label={text.action} value={terms.action} options={choices(actions, text.actions)} onChange={(action) => set({ action: action as ScheduleTerms["action"] })} />
            <Select label={text.ruleKind} value={terms.kind} options={choices(ruleKinds, text.kinds)} onChange={(kind) => set({ kind: kind as ScheduleTerms["kind"] })} />
          </div>
          {!permanent && (
            <>
              <PeriodFields value={terms.period} error={problem("period")} onChange={(period) => set({ period })} />
              <Triggers terms={terms} onChange={set} error={problem("triggers")} />
              <div class="columns">
                <Select label={text.cutoff} value={terms.cutoff} options={choices(cutoffs, text.cutoffs)} onChange={(cutoff) => set({ cutoff: cutoff as ScheduleTerms["cutoff"] })} />
                {terms.cutoff === "fiscal-year" && (
                  <Select label={text.fiscalStart} value={String(terms.fiscal_start)} onChange={(month) => set({ fiscal_start: Number(month) })}
                    options={Array.from({ length: 12 }, (_, index) => ({ value: String(index + 1), label: monthName(index + 1) }))} />
                )}
              </div>
            </>
          )}
          <TextField label={text.authority} name="authority" hint={text.authorityHint} error={problem("authority")} value={terms.authority} onInput={(authority) => set({ authority })} />
          {!permanent && <KeptOfIts chosen={terms.tombstone_fields ?? null} error={problem("tombstone_fields")} onChange={(fields) => set({ tombstone_fields: fields })} />}
          <Banner>{termsInWords(terms)}</Banner>
          {schedule && <Preview key={JSON.stringify(terms)} schedule={schedule} terms={terms} />}
          {schedule && <ReasonField value={reason} onInput={setReason} error={problem("reason")} />}
        </>
      )}
    </FormDialog>
  );
}

/** `chosen`: null while what is chosen for all holds for this schedule, too. */
function KeptOfIts({ chosen, error, onChange }: { chosen: readonly TombstoneField[] | null; error: string | undefined; onChange: (fields: TombstoneField[] | null) => void }) {
  const text = tLater().tombstones;
  return (
    <fieldset class="stack">
      <legend class="label">{text.keptHere}</legend>
      {error && <Banner kind="danger">{error}</Banner>}
      <Select hidden label={text.keptHere} value={chosen ? "own" : "all"} onChange={(choice) => onChange(choice === "own" ? [] : null)}
        options={[{ value: "all", label: text.keptAsForAll }, { value: "own", label: text.keptChosen }]} />
      {chosen && <KeptFields chosen={chosen} onChange={onChange} />}
    </fieldset>
  );
}

function PeriodFields({ value, error, onChange }: { value: string; error: string | undefined; onChange: (period: string) => void }) {
  const period = readPeriod(value);
  const text = tLater().records;
  return (
    <div class="columns">
      <TextField label={text.period} name="period" type="number" min={0} max={1000} required error={error} value={String(period.count)}
        onInput={(count) => onChange(writePeriod({ ...period, count: Number(count) }))} />
      <Select label={text.unit} value={period.unit} options={units.map((unit) => ({ value: unit, label: text.unitNames[unit] }))}
        onChange={(unit) => onChange(writePeriod({ ...period, unit: units.find((each) => each === unit) ?? "years" }))} />
    </div>
  );
}

function Triggers({ terms, error, onChange }: { terms: ScheduleTerms; error: string | undefined; onChange: (change: Partial<ScheduleTerms>) => void }) {
  const text = tLater().records;
  const { triggers } = terms;
  const replace = (at: number, trigger: Trigger) => onChange({ triggers: triggers.map((other, index) => (index === at ? trigger : other)) });
  return (
    <fieldset class="stack">
      <legend class="label">{text.startsAt}</legend>
      {error && <Banner kind="danger">{error}</Banner>}
      {triggers.map(({ kind, name }, at) => (
        <div key={at} class="button-row">
          <Select hidden label={`${text.startsAt} ${at + 1}`} value={kind} options={triggerKinds.map((value) => ({ value, label: text.triggers[value] }))}
            onChange={(chosen) => {
              const next = triggerKinds.find((each) => each === chosen) ?? "captured";
              replace(at, isNamed(next) ? { kind: next, name: name ?? "" } : { kind: next });
            }} />
          {isNamed(kind) && (
            <input class="input" aria-label={text.triggerName} placeholder={text.triggerName} required value={name ?? ""}
              onInput={(event) => replace(at, { kind, name: event.currentTarget.value })} />
          )}
          {triggers.length > 1 && <IconButton small icon="close" label={`${t().common.remove} ${at + 1}`} onClick={() => onChange({ triggers: triggers.filter((_, index) => index !== at) })} />}
        </div>
      ))}
      <div class="button-row">
        <Button compact icon="plus" onClick={() => onChange({ triggers: [...triggers, { kind: "captured" }] })}>{text.addTrigger}</Button>
        {triggers.length > 1 && (
          <Select hidden label={text.combine} value={terms.combine} onChange={(combine) => onChange({ combine: combine === "earliest" ? "earliest" : "all" })}
            options={[{ value: "all", label: text.combineAll }, { value: "earliest", label: text.combineEarliest }]} />
        )}
      </div>
    </fieldset>
  );
}

/** Asked for by hand, because terms are typed and an archive may be large. */
function Preview({ schedule, terms }: { schedule: Schedule; terms: ScheduleTerms }) {
  const [asked, setAsked] = useState(false);
  if (asked) return <PlanPreview of={{ of: "schedules", id: schedule.id, body: terms }} />;
  return <div><Button icon="search" onClick={() => setAsked(true)}>{tLater().records.preview}</Button></div>;
}
