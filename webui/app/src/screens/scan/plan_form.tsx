// How to scan, chosen anew; only what the scanner can do is offered.
import { useEffect, useRef, useState } from "preact/hooks";
import { createProfile, fetchCapabilities, previewGlass } from "../../api/scans";
import type { Named, ScanPlanChange, ScannerCapabilities } from "../../api/types";
import { ClassField } from "../../components/choosers";
import { Button, Checkbox, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";

type Area = readonly [left: number, top: number, width: number, height: number]; // millimetres
type Plan = Required<Pick<ScanPlanChange, "source" | "mode" | "resolution" | "paper" | "parting" | "pages_per_document" | "drop_blank" | "backs_upside_down" | "file_at_once">>;

const papers = ["a4", "a5", "a3", "letter", "legal", "full"] as const;
const partings = ["none", "count", "blank"] as const;

const common = new Set(["source", "mode", "resolution", "x-resolution", "y-resolution", "depth", "tl-x", "tl-y", "br-x", "br-y", "page-width", "page-height", "adf-mode", "duplex"]);

export function PlanForm({ scanner, busy, mayKeep, onStart, onKept, onProblem }: {
  scanner: string;
  busy: boolean;
  mayKeep: boolean;
  onStart: (plan: ScanPlanChange) => void;
  onKept: () => Promise<void>;
  onProblem: (problem: unknown) => void;
}) {
  const loaded = useLoaded(() => fetchCapabilities(scanner));
  return (
    <section>
      <h2>{tLater().scan.own}</h2>
      <Content of={loaded}>
        {(can) => <Chosen scanner={scanner} can={can} busy={busy} mayKeep={mayKeep} onStart={onStart} onKept={onKept} onProblem={onProblem} />}
      </Content>
    </section>
  );
}

function Chosen({ scanner, can, busy, mayKeep, onStart, onKept, onProblem }: Parameters<typeof PlanForm>[0] & { can: ScannerCapabilities }) {
  const text = tLater().scan;
  const [plan, setPlan] = useState<Plan>({
    source: can.sources.includes("feeder") ? "feeder" : can.sources[0] ?? "flatbed",
    mode: can.modes.includes("grey") ? "grey" : can.modes[0] ?? "grey",
    resolution: can.resolutions.includes(300) ? 300 : can.resolutions.at(-1) ?? 300,
    paper: "a4", parting: "none", pages_per_document: 1, drop_blank: false, backs_upside_down: false, file_at_once: false,
  });
  const [area, setArea] = useState<Area | null>(null);
  const [driver, setDriver] = useState<Record<string, string>>({});
  const [filedIn, setFiledIn] = useState<Named | null>(null);
  const [keeping, setKeeping] = useState(false);
  const change = (part: Partial<Plan>) => setPlan({ ...plan, ...part });
  const pick = <T extends string>(values: readonly T[], value: string, then: (chosen: T) => void) => {
    const chosen = values.find((each) => each === value);
    if (chosen !== undefined) then(chosen);
  };
  const whole: ScanPlanChange = {
    ...plan,
    file_at_once: plan.file_at_once && plan.source !== "feeder_turned",
    ...(filedIn ? { class: filedIn.id } : {}),
    options: Object.entries(driver).map(([name, value]) => `${name}=${value}`),
    ...(area && plan.source === "flatbed" ? { area: [...area] } : {}),
  };
  return (
    <form class="scan-plan" onSubmit={(event) => { event.preventDefault(); onStart(whole); }}>
      <div class="scan-choices">
        <Select label={text.source} value={plan.source} options={can.sources.map((value) => ({ value, label: text.sources[value] }))} onChange={(value) => pick(can.sources, value, (source) => change({ source }))} />
        {can.modes.length > 0 && <Select label={text.mode} value={plan.mode} options={can.modes.map((value) => ({ value, label: text.modes[value] }))} onChange={(value) => pick(can.modes, value, (mode) => change({ mode }))} />}
        {can.resolutions.length > 0 && <Select label={text.resolution} value={String(plan.resolution)} options={can.resolutions.map((value) => ({ value: String(value), label: String(value) }))} onChange={(value) => change({ resolution: Number(value) })} />}
        <Select label={text.paper} value={plan.paper} options={papers.map((value) => ({ value, label: text.papers[value] }))} onChange={(value) => pick(papers, value, (paper) => change({ paper }))} />
        <Select label={text.parting} value={plan.parting} options={partings.map((value) => ({ value, label: text.partings[value] }))} onChange={(value) => pick(partings, value, (parting) => change({ parting }))} />
        {plan.parting === "count" && <TextField label={text.pagesPerDocument} name="pages" type="number" min="1" max="1000" value={String(plan.pages_per_document)} onInput={(value) => change({ pages_per_document: Number(value) || 1 })} />}
        <ClassField label={text.class} placeholder={text.noClass} value={filedIn} onPick={setFiledIn} />
      </div>
      <div class="scan-choices">
        <Checkbox label={text.dropBlank} checked={plan.drop_blank} onChange={(drop_blank) => change({ drop_blank })} />
        {plan.source === "feeder_turned"
          ? <Checkbox label={text.backsUpsideDown} checked={plan.backs_upside_down} onChange={(backs_upside_down) => change({ backs_upside_down })} />
          : <Checkbox label={text.fileAtOnce} checked={plan.file_at_once} onChange={(file_at_once) => change({ file_at_once })} />}
      </div>
      {plan.source === "flatbed" && can.width > 0 && <Glass scanner={scanner} can={can} area={area} onArea={setArea} onProblem={onProblem} />}
      <DriverOptions can={can} chosen={driver} onChoose={(name, value) => setDriver({ ...driver, [name]: value })} />
      <p class="actions">
        <Button type="submit" kind="primary" icon="scan" class="scan-start" disabled={busy}>{text.start}</Button>{" "}
        {mayKeep && <Button icon="plus" onClick={() => setKeeping(true)}>{text.saveProfile}</Button>}
      </p>
      {keeping && <KeepDialog onClose={() => setKeeping(false)} onSave={async (name) => { await createProfile(name, scanner, whole); await onKept(); }} />}
    </form>
  );
}

/** What this scanner has beyond what all have; only what is changed here is asked of it. */
function DriverOptions({ can, chosen, onChoose }: { can: ScannerCapabilities; chosen: Record<string, string>; onChoose: (name: string, value: string) => void }) {
  const own = can.options.filter((option) => option.value !== "" && !common.has(option.name));
  if (own.length === 0) return null;
  return (
    <details>
      <summary>{tLater().scan.driver}</summary>
      <div class="scan-choices">
        {own.map(({ name, title, description, value, choices }) => {
          const now = chosen[name] ?? value;
          return choices.length > 0
            ? <Select key={name} label={title || name} value={now} options={choices.map((each) => ({ value: each, label: each }))} onChange={(next) => onChoose(name, next)} />
            : <TextField key={name} label={title || name} hint={description} name={name} value={now} onInput={(next) => onChoose(name, next)} />;
        })}
      </div>
    </details>
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

/** What lies on the glass, and the area of it that is drawn with the pointer. */
function Glass({ scanner, can, area, onArea, onProblem }: {
  scanner: string;
  can: ScannerCapabilities;
  area: Area | null;
  onArea: (area: Area | null) => void;
  onProblem: (problem: unknown) => void;
}) {
  const text = tLater().scan;
  const [picture, setPicture] = useState("");
  const [busy, setBusy] = useState(false);
  const from = useRef<readonly [number, number] | null>(null);
  useEffect(() => () => { if (picture) URL.revokeObjectURL(picture); }, [picture]);
  const look = async () => {
    setBusy(true);
    try {
      setPicture(await previewGlass(scanner));
    } catch (error) {
      onProblem(error);
    }
    setBusy(false);
  };
  const at = (event: PointerEvent & { currentTarget: HTMLElement }): readonly [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (value: number, length: number) => Math.min(1, Math.max(0, value / length));
    return [part(event.clientX - box.left, box.width) * can.width, part(event.clientY - box.top, box.height) * can.height];
  };
  const draw = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (!from.current) return;
    const [x, y] = at(event);
    const [x0, y0] = from.current;
    const drawn: Area = [Math.round(Math.min(x, x0)), Math.round(Math.min(y, y0)), Math.round(Math.abs(x - x0)), Math.round(Math.abs(y - y0))];
    onArea(drawn[2] >= 1 && drawn[3] >= 1 ? drawn : null);
  };
  const percent = (value: number, of: number) => `${(value / of) * 100}%`;
  return (
    <div class="scan-glass">
      <Button disabled={busy} onClick={() => void look()}>{text.preview}</Button>{" "}
      {area && <Button kind="quiet" onClick={() => onArea(null)}>{text.wholeGlass}</Button>}
      {picture && (
        <>
          <p class="muted small">{text.previewHelp}</p>
          <div class="scan-area" onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); from.current = at(event); }} onPointerMove={draw} onPointerUp={() => { from.current = null; }}>
            <img src={picture} alt={text.preview} draggable={false} />
            {area && <span style={{ left: percent(area[0], can.width), top: percent(area[1], can.height), width: percent(area[2], can.width), height: percent(area[3], can.height) }} />}
          </div>
        </>
      )}
    </div>
  );
}
