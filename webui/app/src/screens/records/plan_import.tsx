// Loading a file plan with its schedules: one that comes with the program, or a CSV file.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { importPlan, readyMadePlans } from "../../api/file_plan";
import type { ImportedPlan } from "../../api/types";
import { Banner, Button, Field, Select } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { FormDialog } from "../../components/form_dialog";
import { useLoaded } from "../../components/use_loaded";
import { language, t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";

/** `ready`: begins with the ready-made plan in the language of the page. */
export function PlanImportDialog({ ready, onClose, onLoaded }: { ready: boolean; onClose: () => void; onLoaded: () => Promise<void> }) {
  const [loaded, setLoaded] = useState<ImportedPlan | null>(null);
  const made = useRef(false); // then the first dialog closes for the second one's sake
  const shown = useRef(true);
  useLayoutEffect(() => () => { shown.current = false; }, []);
  const text = tLater().plan;
  const show = (plan: ImportedPlan) => {
    made.current = true;
    if (shown.current) setLoaded(plan);
    else void onLoaded(); // the person is elsewhere by now: the plan is another all the same
  };
  if (!loaded) return <ChooseDialog ready={ready} onClose={() => { if (!made.current) onClose(); }} onLoaded={show} />;
  const close = () => { onClose(); void onLoaded(); };
  return (
    <Dialog title={text.loaded} onClose={close} footer={<Button kind="primary" onClick={close}>{t().common.close}</Button>}>
      <Banner kind="ok">{text.made(formatNumber(loaded.classes), formatNumber(loaded.schedules))}{loaded.kept > 0 && ` ${text.kept(loaded.kept, formatNumber(loaded.kept))}`}</Banner>
    </Dialog>
  );
}

function ChooseDialog({ ready, onClose, onLoaded }: { ready: boolean; onClose: () => void; onLoaded: (made: ImportedPlan) => void }) {
  const names = useLoaded(readyMadePlans).data ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const text = tLater().plan;
  const plan = chosen ?? (ready ? names.find((name) => name.endsWith(`-${language.value}`)) ?? names[0] ?? "" : "");
  const save = async () => onLoaded(await importPlan(plan ? { ready_made: plan } : { csv: (await file?.text()) ?? "" }));
  return (
    <FormDialog title={text.loadTitle} action={text.loadIt} onClose={onClose} onSave={save} unready={!plan && !file}>
      {(problem) => (
        <>
          <Select label={text.what} value={plan} onChange={setChosen}
            options={[{ value: "", label: text.fromFile }, ...names.map((value) => ({ value, label: text.readyMade[value] ?? value }))]} />
          {!plan && (
            <Field label={text.file} hint={text.fileHelp} error={problem("csv")}>
              {(control) => <input {...control} class="input" type="file" required accept=".csv,text/csv" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />}
            </Field>
          )}
        </>
      )}
    </FormDialog>
  );
}
