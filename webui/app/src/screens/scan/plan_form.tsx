// How to scan, chosen anew; only what the scanner can do is offered.
import { useState } from "preact/hooks";
import { createProfile, fetchCapabilities, planChange } from "../../api/scans";
import type { ScanPlan, ScanPlanChange, ScannerCapabilities } from "../../api/types";
import { Banner, Button, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { PlanFields, usualPlan } from "./plan_fields";

interface PlanFormProps {
  scanner: string;
  busy: boolean;
  mayKeep: boolean;
  onStart: (plan: ScanPlanChange) => void;
  onKept: () => Promise<void>;
}

export function PlanForm(props: PlanFormProps) {
  const loaded = useLoaded(() => fetchCapabilities(props.scanner));
  return (
    <section>
      <h2>{tLater().scan.own}</h2>
      <Content of={loaded}>{(can) => <Chosen {...props} can={can} onLook={loaded.reload} />}</Content>
    </section>
  );
}

function Chosen({ scanner, can, busy, mayKeep, onStart, onKept, onLook }: PlanFormProps & { can: ScannerCapabilities; onLook: () => Promise<void> }) {
  const text = tLater().scan;
  const [plan, setPlan] = useState<ScanPlan>(() => usualPlan(can));
  const [keeping, setKeeping] = useState(false);
  return (
    <form onSubmit={(event) => { event.preventDefault(); onStart(planChange(plan)); }}>
      <PlanFields scanner={scanner} can={can} plan={plan} onChange={setPlan} />
      {plan.source !== "flatbed" && can.paper_loaded !== null && <FeederState loaded={can.paper_loaded} onLook={onLook} />}
      <p class="actions">
        <Button type="submit" kind="primary" icon="scan" disabled={busy}>{text.start}</Button>{" "}
        {mayKeep && <Button icon="plus" onClick={() => setKeeping(true)}>{text.saveProfile}</Button>}
      </p>
      {keeping && <KeepDialog onClose={() => setKeeping(false)} onSave={async (name) => { await createProfile({ name, scanner, button: "", plan }); await onKept(); }} />}
    </form>
  );
}

/** Of scanners that tell; whoever has just put paper in has it looked at anew. */
function FeederState({ loaded, onLook }: { loaded: boolean; onLook: () => Promise<void> }) {
  const text = tLater().scan;
  return (
    <Banner kind={loaded ? "ok" : "warn"}>
      {loaded ? text.paperLoaded : text.feederEmpty}{" "}
      <Button compact icon="retry" onClick={() => void onLook()}>{text.lookAtFeeder}</Button>
    </Banner>
  );
}

function KeepDialog({ onClose, onSave }: { onClose: () => void; onSave: (name: string) => Promise<void> }) {
  const text = tLater().scan;
  const [name, setName] = useState("");
  return (
    <FormDialog title={text.saveProfile} onClose={onClose} onSave={() => onSave(name)}>
      {(problem) => <TextField label={text.profileName} name="name" required value={name} error={problem("name")} onInput={setName} />}
    </FormDialog>
  );
}
