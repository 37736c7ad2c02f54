// How to scan, part and file: every choice there is, as far as the scanner can do it.
import { useEffect, useRef, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { findClasses, findFolders, listNames, type FoundName } from "../../api/names";
import { previewGlass } from "../../api/scans";
import type { ScanPlan, ScannerCapabilities } from "../../api/types";
import { Banner, Button, Checkbox, Chip, Field, Select, TextField } from "../../components/controls";
import { Picker, type Choice } from "../../components/picker";
import { t, tLater } from "../../i18n";

type Area = readonly number[]; // left, top, width, height in millimetres

const papers = ["a4", "a5", "a3", "letter", "legal", "full"] as const;
const partings = ["none", "count", "blank"] as const;

const common = new Set(["source", "mode", "resolution", "x-resolution", "y-resolution", "depth", "tl-x", "tl-y", "br-x", "br-y", "page-width", "page-height", "adf-mode", "duplex"]);

/** Of a scanner that is not known yet. */
export const anyScanner: ScannerCapabilities = {
  sources: ["flatbed", "feeder", "feeder_duplex", "feeder_turned"], modes: ["black_white", "grey", "colour"], resolutions: [75, 100, 150, 200, 300, 400, 600], width: 0, height: 0, options: [], paper_loaded: null,
};

export function usualPlan(can: ScannerCapabilities): ScanPlan {
  return {
    source: can.sources.includes("feeder") ? "feeder" : can.sources[0] ?? "flatbed",
    mode: can.modes.includes("grey") ? "grey" : can.modes[0] ?? "grey",
    resolution: can.resolutions.includes(300) ? 300 : can.resolutions.at(-1) ?? 300,
    paper: "a4", area: null, options: [], parting: "none", pages_per_document: 1, drop_blank: false, backs_upside_down: false, file_at_once: false,
    class: null, folder: null, type: null, tags: [],
  };
}

export function PlanFields({ scanner, can, plan, onChange }: {
  scanner: string; // empty: the one that will be chosen, so the glass cannot be looked at
  can: ScannerCapabilities;
  plan: ScanPlan;
  onChange: (plan: ScanPlan) => void;
}) {
  const text = tLater().scan;
  const change = (part: Partial<ScanPlan>) => onChange({ ...plan, ...part });
  const pick = <T extends string>(values: readonly T[], value: string, then: (chosen: T) => void) => {
    const chosen = values.find((each) => each === value);
    if (chosen !== undefined) then(chosen);
  };
  const turned = plan.source === "feeder_turned";
  return (
    <>
      <div class="scan-choices">
        <Select label={text.source} value={plan.source} options={withPresent(can.sources, plan.source).map((value) => ({ value, label: text.sources[value] }))} onChange={(value) => pick(can.sources, value, (source) => change({ source, area: null, ...(source === "feeder_turned" ? { file_at_once: false } : {}) }))} />
        <Select label={text.mode} value={plan.mode} options={withPresent(can.modes, plan.mode).map((value) => ({ value, label: text.modes[value] }))} onChange={(value) => pick(can.modes, value, (mode) => change({ mode }))} />
        <Select label={text.resolution} value={String(plan.resolution)} options={withPresent(can.resolutions, plan.resolution).map((value) => ({ value: String(value), label: String(value) }))} onChange={(value) => change({ resolution: Number(value) })} />
        <Select label={text.paper} value={plan.paper} options={papers.map((value) => ({ value, label: text.papers[value] }))} onChange={(value) => pick(papers, value, (paper) => change({ paper }))} />
        <Select label={text.parting} value={plan.parting} options={partings.map((value) => ({ value, label: text.partings[value] }))} onChange={(value) => pick(partings, value, (parting) => change({ parting }))} />
        {plan.parting === "count" && <TextField label={text.pagesPerDocument} name="pages" type="number" min="1" max="1000" value={String(plan.pages_per_document)} onInput={(value) => change({ pages_per_document: Number(value) || 1 })} />}
      </div>
      <div class="scan-choices">
        <Checkbox label={text.dropBlank} checked={plan.drop_blank} onChange={(drop_blank) => change({ drop_blank })} />
        {turned
          ? <Checkbox label={text.backsUpsideDown} checked={plan.backs_upside_down} onChange={(backs_upside_down) => change({ backs_upside_down })} />
          : <Checkbox label={text.fileAtOnce} checked={plan.file_at_once} onChange={(file_at_once) => change({ file_at_once })} />}
      </div>
      <Destination plan={plan} change={change} />
      {plan.source !== "flatbed" && can.width > 0 && (
        <div>
          <Millimetres can={can} area={plan.area} onArea={(area) => change({ area: [...area] })} />
          {plan.area && <Button kind="quiet" onClick={() => change({ area: null })}>{text.wholeGlass}</Button>}
        </div>
      )}
      {scanner !== "" && plan.source === "flatbed" && can.width > 0 && <Glass scanner={scanner} can={can} area={plan.area} onArea={(area) => change({ area: area && [...area] })} />}
      <DriverOptions can={can} chosen={plan.options} onChoose={(options) => change({ options })} />
    </>
  );
}

/** What a profile says stays a choice, also while its scanner is not there or cannot do it. */
function withPresent<T>(choices: readonly T[], present: T): readonly T[] {
  return choices.includes(present) ? choices : [present, ...choices];
}

export type Filing = Pick<ScanPlan, "class" | "folder" | "type" | "tags">;

/** What the documents are filed as. A plan names numbers; what they are called is asked for when it is shown. */
export function Destination({ plan, change }: { plan: Filing; change: (part: Partial<Filing>) => void }) {
  const text = tLater().scan;
  const named = useNames(plan);
  const tagName = (id: number) => named.tags.get(id) ?? String(id);
  const names = (vocabulary: "types" | "tags") => (part: string, signal: AbortSignal) => listNames(vocabulary, part, signal);
  const one = (field: "class" | "folder" | "type", label: string, find: (part: string, signal: AbortSignal) => Promise<FoundName[]>) => {
    const id = plan[field];
    const choose = (choice: Choice | null) => {
      if (choice?.id !== undefined) named[field].set(choice.id, choice.name);
      change({ ...(field === "folder" && choice ? { class: null } : {}), ...(field === "class" && choice ? { folder: null } : {}), [field]: choice?.id ?? null });
    };
    return (
      <Field label={label}>
        {(control) => <Picker id={control.id} label={label} value={id === null ? "" : named[field].get(id) ?? String(id)} placeholder={text.notSaid} find={find} onPick={choose} onClear={() => choose(null)} />}
      </Field>
    );
  };
  return (
    <details open={plan.class !== null || plan.folder !== null || plan.type !== null || plan.tags.length > 0}>
      <summary>{text.filedAs}</summary>
      <div class="scan-choices">
        {one("class", t().panel.class, findClasses)}
        {one("folder", t().panel.folder, (part, signal) => findFolders(part, undefined, signal))}
        {one("type", t().panel.type, names("types"))}
        <Field label={t().panel.tags}>
          {(control) => (
            <>
              <Picker id={control.id} label={t().panel.addTag} value="" placeholder={t().panel.addTag} find={names("tags")}
                onPick={({ id, name }) => {
                  if (id === undefined || plan.tags.includes(id)) return;
                  named.tags.set(id, name);
                  change({ tags: [...plan.tags, id] });
                }} />
              {plan.tags.length > 0 && (
                <div class="chips">
                  {plan.tags.map((id) => <Chip key={id} removeLabel={t().panel.removeTag(tagName(id))} onRemove={() => change({ tags: plan.tags.filter((other) => other !== id) })}>{tagName(id)}</Chip>)}
                </div>
              )}
            </>
          )}
        </Field>
      </div>
    </details>
  );
}

type Names = Record<"class" | "folder" | "type" | "tags", Map<number, string>>;

function useNames(plan: Filing): Names {
  const names = useRef<Names>({ class: new Map(), folder: new Map(), type: new Map(), tags: new Map() });
  const [, setAsked] = useState(false);
  useEffect(() => {
    const { signal } = new AbortController();
    const learn = async (of: keyof Names, wanted: boolean, find: () => Promise<FoundName[]>) => {
      if (wanted) for (const { id, name } of await find()) if (!names.current[of].has(id)) names.current[of].set(id, name);
    };
    void Promise.allSettled([
      learn("class", plan.class !== null, () => findClasses("", signal)),
      learn("folder", plan.folder !== null, () => findFolders("", undefined, signal)),
      learn("type", plan.type !== null, () => listNames("types", "", signal)),
      learn("tags", plan.tags.length > 0, () => listNames("tags", "", signal)),
    ]).then(() => setAsked(true));
  }, []);
  return names.current;
}

/** What this scanner has beyond what all have; only what is changed here is asked of it. */
function DriverOptions({ can, chosen, onChoose }: { can: ScannerCapabilities; chosen: readonly string[]; onChoose: (options: string[]) => void }) {
  const own = can.options.filter((option) => option.value !== "" && !common.has(option.name));
  if (own.length === 0) return null;
  const isOf = (name: string) => (option: string) => option.startsWith(`${name}=`);
  return (
    <details>
      <summary>{tLater().scan.driver}</summary>
      <div class="scan-choices">
        {own.map(({ name, title, description, value, choices }) => {
          const now = chosen.find(isOf(name))?.slice(name.length + 1) ?? value;
          const choose = (next: string) => onChoose([...chosen.filter((option) => !isOf(name)(option)), `${name}=${next}`]);
          return choices.length > 0
            ? <Select key={name} label={title || name} value={now} options={choices.map((each) => ({ value: each, label: each }))} onChange={choose} />
            : <TextField key={name} label={title || name} hint={description} name={name} value={now} onInput={choose} />;
        })}
      </div>
    </details>
  );
}

/** What lies on the glass, and the area of it: drawn with the pointer, or said in millimetres. */
function Glass({ scanner, can, area, onArea }: { scanner: string; can: ScannerCapabilities; area: Area | null; onArea: (area: Area | null) => void }) {
  const text = tLater().scan;
  const [picture, setPicture] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const from = useRef<readonly [number, number] | null>(null);
  useEffect(() => () => { if (picture) URL.revokeObjectURL(picture); }, [picture]);
  const look = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setPicture(await previewGlass(scanner));
    } catch (error) {
      setProblem(error);
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
    const [width, height] = [Math.round(Math.abs(x - x0)), Math.round(Math.abs(y - y0))];
    onArea(width >= 1 && height >= 1 ? [Math.round(Math.min(x, x0)), Math.round(Math.min(y, y0)), width, height] : null);
  };
  const percent = (value: number | undefined, of: number) => `${((value ?? 0) / of) * 100}%`;
  return (
    <div>
      <Button disabled={busy} onClick={() => void look()}>{text.preview}</Button>{" "}
      {area && <Button kind="quiet" onClick={() => onArea(null)}>{text.wholeGlass}</Button>}
      {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
      <Millimetres can={can} area={area} onArea={onArea} />
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

function Millimetres({ can, area, onArea }: { can: ScannerCapabilities; area: Area | null; onArea: (area: Area) => void }) {
  const text = tLater().scan;
  const [across, down] = [Math.floor(can.width), Math.floor(can.height)];
  const whole = [0, 0, across, down];
  const most = [across - 1, down - 1, across - (area?.[0] ?? 0), down - (area?.[1] ?? 0)];
  const say = (side: number, value: string) => {
    const next = (area ?? whole).map((length, index) => (index === side ? Math.min(most[side] ?? 0, Math.max(side < 2 ? 0 : 1, Math.round(Number(value) || 0))) : length));
    const [left = 0, top = 0, width = 0, height = 0] = next;
    onArea([left, top, Math.min(width, across - left), Math.min(height, down - top)]);
  };
  return (
    <div class="scan-choices" role="group" aria-label={text.area}>
      {[text.left, text.top, text.width, text.height].map((label, side) => (
        <TextField key={label} label={label} name={`area-${side}`} type="number" min={side < 2 ? "0" : "1"} max={String(most[side])} value={String(Math.round((area ?? whole)[side] ?? 0))}
          onInput={(value) => { if (value !== "") say(side, value); }} />
      ))}
    </div>
  );
}
