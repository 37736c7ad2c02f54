// The file plan: the tree of classes on one side, the chosen class with its folders on the other.
import { useState } from "preact/hooks";
import { allClasses, allSchedules, changeClass, loadReadyMadePlan } from "../../api/file_plan";
import type { Class, Schedule } from "../../api/types";
import { Button, EmptyState, IconButton } from "../../components/controls";
import { Download } from "../../components/download";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { language, tLater } from "../../i18n";
import { location } from "../../router";
import { mayManagePlan } from "../../state/session";
import { ClassDialog } from "./class_dialog";
import { ClassHistory } from "./class_history";
import { Folders } from "./folders";
import { attempt } from "./parts";
import { lineOf, treeOf, type Branch } from "./plan_tree";

const load = async () => {
  const [classes, schedules] = await Promise.all([allClasses(), allSchedules()]);
  return { classes, schedules };
};

type Editing = { kind: "new"; parent: Class | null } | { kind: "change"; one: Class };

async function startFromPlan(reload: () => void) {
  const name = language.value === "sv" ? "general-sv" : "general-en";
  if (await attempt(() => loadReadyMadePlan(name), tLater().records.readyMadePlanLoaded)) reload();
}

export function Plan() {
  const loaded = useLoaded(load);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const text = tLater().records;
  const chosen = Number(location.value.query.get("class"));
  const fold = (id: number) => setFolded((before) => {
    const next = new Set(before);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  return (
    <>
      <div class="button-row">
        {mayManagePlan.value && <Button kind="primary" icon="plus" onClick={() => setEditing({ kind: "new", parent: null })}>{text.newClass}</Button>}
        <Download path="/file-plan.pdf">{text.asPdf}</Download>
        <Download path="/file-plan">{text.asCsv}</Download>
      </div>
      <Content of={loaded}>
        {({ classes, schedules }) => {
          const one = classes.find(({ id }) => id === chosen);
          return (
            <>
              {classes.length === 0 ? 
                <EmptyState icon="records" title={text.noClasses}
                  actions={mayManagePlan.value && <Button onClick={() => void startFromPlan(loaded.reload)}>{text.readyMadePlan}</Button>}>
                  {text.noClassesHelp}
                </EmptyState>
               : (
                <div class="plan">
                  <nav class="plan-tree" aria-label={text.tabs.plan}><Branches branches={treeOf(classes)} chosen={chosen} folded={folded} onFold={fold} /></nav>
                  {one
                    ? <ChosenClass key={one.id} one={one} line={lineOf(classes, one.id)} schedules={schedules} onEdit={setEditing} onChanged={loaded.reload} />
                    : <p class="muted">{text.chooseClass}</p>}
                </div>
              )}
              {editing && (
                <ClassDialog one={editing.kind === "change" ? editing.one : null} parent={editing.kind === "new" ? editing.parent : null}
                  schedules={schedules} onClose={() => setEditing(null)} onSaved={loaded.reload} />
              )}
            </>
          );
        }}
      </Content>
    </>
  );
}

function Branches({ branches, chosen, folded, onFold }: { branches: readonly Branch[]; chosen: number; folded: ReadonlySet<number>; onFold: (id: number) => void }) {
  const text = tLater().records;
  return (
    <ul>
      {branches.map(({ here, below }) => (
        <li key={here.id}>
          <div class="plan-line">
            {below.length > 0
              ? <IconButton small icon={folded.has(here.id) ? "right" : "down"} label={text.below(`${here.code} ${here.title}`)}
                  aria-expanded={!folded.has(here.id)} onClick={() => onFold(here.id)} />
              : <span class="plan-leaf" />}
            <a href={`/records/plan?class=${here.id}`} aria-current={here.id === chosen ? "true" : undefined}><strong>{here.code}</strong> {here.title}</a>
            {here.status === "closed" && <span class="badge">{text.closed}</span>}
            {here.own_schedule && here.schedule && <span class="badge accent">{here.schedule.name}</span>}
          </div>
          {below.length > 0 && !folded.has(here.id) && <Branches branches={below} chosen={chosen} folded={folded} onFold={onFold} />}
        </li>
      ))}
    </ul>
  );
}

function ChosenClass({ one, line, schedules, onEdit, onChanged }: {
  one: Class;
  line: readonly Class[];
  schedules: readonly Schedule[];
  onEdit: (editing: Editing) => void;
  onChanged: () => Promise<void>;
}) {
  const [history, setHistory] = useState(false);
  const text = tLater().records;
  const open = one.status === "open";
  const setStatus = () => attempt(() => changeClass(one, { status: open ? "closed" : "open" })).then(onChanged);
  return (
    <section class="stack">
      <div>
        {line.length > 1 && <p class="muted small">{line.slice(0, -1).map(({ code, title }) => `${code} ${title}`).join(" › ")}</p>}
        <h2>{one.code} {one.title} {!open && <span class="badge">{text.closed}</span>}</h2>
      </div>
      {one.scope_note && <p class="scope-note">{one.scope_note}</p>}
      <dl class="facts">
        <dt>{text.schedule}</dt>
        <dd>{one.schedule ? `${one.schedule.name} (${one.own_schedule ? text.ownSchedule : text.inheritedSchedule})` : text.noSchedule}</dd>
        <dt>{text.declaring}</dt>
        <dd>{one.declares_on_filing ? text.declaresOnFiling : text.declaresByHand}</dd>
      </dl>
      <div class="button-row">
        {mayManagePlan.value && (
          <>
            <Button compact icon="edit" onClick={() => onEdit({ kind: "change", one })}>{text.changeClass}</Button>
            <Button compact icon="plus" onClick={() => onEdit({ kind: "new", parent: one })}>{text.newClassBelow}</Button>
            <Button compact icon={open ? "lock" : "restore"} onClick={() => void setStatus()}>{open ? text.closeClass : text.reopenClass}</Button>
          </>
        )}
        <Button compact icon="list" onClick={() => setHistory(true)}>{text.versions}</Button>
        <a class="button compact" href={`/?q=${encodeURIComponent(`class:${one.code}`)}`}>{text.showDocuments}</a>
      </div>
      <Folders inClass={one} schedules={schedules} />
      {history && <ClassHistory one={one} onClose={() => setHistory(false)} />}
    </section>
  );
}
