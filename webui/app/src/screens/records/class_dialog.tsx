import { useRef, useState } from "preact/hooks";
import { changeClass, createClass, type ClassFields } from "../../api/file_plan";
import type { Class, Named } from "../../api/types";
import { Checkbox, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { navigate } from "../../router";
import { Area, ScheduleField } from "./parts";
import { changeClassAccess, PlaceAccessField, usePlaceAccess } from "./place_access";
import { PlanPreview } from "./plan_preview";

/** Makes a class below `parent` (null: at the top), or changes `one`. */
export function ClassDialog({ one, parent, onClose, onSaved }: {
  one: Class | null;
  parent: Class | null;
  onClose: () => void;
  onSaved: () => Promise<void>;
}) {
  const own = one?.own_schedule ? one.schedule : null;
  const [schedule, setSchedule] = useState<Named | null>(own);
  const [fields, setFields] = useState<ClassFields>({
    code: one?.code ?? (parent ? `${parent.code}.` : ""),
    title: one?.title ?? "",
    scope_note: one?.scope_note ?? "",
    schedule: own?.id ?? null,
    declares_on_filing: one?.declares_on_filing ?? false,
  });
  const text = tLater().records;
  const set = (change: Partial<ClassFields>) => setFields({ ...fields, ...change });
  const access = usePlaceAccess(one);
  const saved = useRef(one); // what another try begins with, should only the list have been refused
  const save = async () => {
    const now = saved.current ? await changeClass(saved.current, fields) : await createClass(parent?.id ?? null, fields);
    saved.current = now;
    if (access.changed) saved.current = await changeClassAccess(now, access);
  };
  const close = () => {
    if (saved.current !== one) { // also when the list was refused, and given up
      if (!one && saved.current) navigate(`/records/plan?class=${saved.current.id}`);
      void onSaved();
    }
    onClose();
  };
  const topmost = (one?.parent ?? parent?.id ?? null) === null;
  return (
    <FormDialog title={one ? text.changeClass : parent ? `${text.newClassBelow}: ${parent.code} ${parent.title}` : text.newClass} onClose={close} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.code} name="code" required error={problem("code")} value={fields.code} onInput={(code) => set({ code })} />
          <TextField label={text.className} name="title" required error={problem("title")} value={fields.title} onInput={(title) => set({ title })} />
          <Area label={text.scopeNote} hint={text.scopeNoteHint} name="scope_note" value={fields.scope_note} onInput={(scope_note) => set({ scope_note })} error={problem("scope_note")} />
          <ScheduleField value={schedule} placeholder={topmost ? text.noSchedule : text.asAbove} error={problem("schedule")}
            onPick={(chosen) => { setSchedule(chosen); set({ schedule: chosen?.id ?? null }); }} />
          {one && fields.schedule !== (own?.id ?? null) && <PlanPreview key={fields.schedule} of={{ of: "classes", id: one.id, body: { schedule: fields.schedule } }} />}
          <PlaceAccessField access={access} filter={one && { "f.class": String(one.id) }} error={problem("access_list")} />
          <Checkbox label={text.declaresOnFiling} checked={fields.declares_on_filing} onChange={(declares_on_filing) => set({ declares_on_filing })} />
        </>
      )}
    </FormDialog>
  );
}
