// The file plan: the tree of classes on one side, the chosen class with its folders on the other.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { changeClass, classesBelow, deleteClass, findAnyClass, lineOf } from "../../api/file_plan";
import type { Class, Named } from "../../api/types";
import { ClassField } from "../../components/choosers";
import { Button, EmptyState } from "../../components/controls";
import { ConfirmDialog } from "../../components/dialog";
import { Download } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Picker } from "../../components/picker";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { bindKeys } from "../../keys";
import { location, navigate } from "../../router";
import { mayManageAccess, mayManagePlan, mayManageSchedules, mayTransfer } from "../../state/session";
import { openPlace } from "../../state/upload_place";
import { WhoSeesThis } from "../panel/who_sees";
import { ClassDialog } from "./class_dialog";
import { ClassHistory } from "./class_history";
import { ExportDialog } from "./export_dialog";
import { Folders } from "./folders";
import { attempt } from "./parts";
import { PlanImportDialog } from "./plan_import";
import { PlanPreview } from "./plan_preview";
import { Branches, movePlace, planChanges, type Moved } from "./plan_tree";

type Editing = { kind: "new"; parent: Class | null } | { kind: "load"; ready: boolean } | { kind: "change"; one: Class } | { kind: "move"; moved: Moved };

const changed = async () => { planChanges.value += 1; };

/** A plan brings its schedules along. */
const mayLoad = () => mayManagePlan.value && mayManageSchedules.value;

export function Plan() {
  const [editing, setEditing] = useState<Editing | null>(null);
  const text = tLater().records;
  const chosen = Number(location.value.query.get("class"));
  return (
    <>
      <div class="button-row">
        {mayManagePlan.value && <Button kind="primary" icon="plus" onClick={() => setEditing({ kind: "new", parent: null })}>{text.newClass}</Button>}
        {mayLoad() && <Button compact icon="upload" onClick={() => setEditing({ kind: "load", ready: false })}>{tLater().plan.load}</Button>}
        <Download path="/file-plan.pdf">{text.asPdf}</Download>
        <Download path="/file-plan">{text.asCsv}</Download>
      </div>
      <PlanAndClass chosen={chosen} editing={editing} onEdit={setEditing} />
    </>
  );
}

/** The tree stays while another class is looked at, and with it the focus. */
function PlanAndClass({ chosen, editing, onEdit }: { chosen: number; editing: Editing | null; onEdit: (editing: Editing | null) => void }) {
  const loaded = useLoaded(async () => {
    const [top, line] = await Promise.all([classesBelow(0), chosen ? lineOf(chosen) : []]);
    return { empty: top.items.length === 0, line };
  });
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) void loaded.reload();
    first.current = false;
  }, [chosen, planChanges.value]);
  const text = tLater().records;
  return (
    <Content of={loaded}>
      {({ empty, line }) => {
        const one = line.at(-1);
        return (
          <>
            {empty ? (
              <EmptyState icon="records" title={text.noClasses}
                actions={mayLoad() && <Button onClick={() => onEdit({ kind: "load", ready: true })}>{text.readyMadePlan}</Button>}>
                {text.noClassesHelp}
              </EmptyState>
            ) : (
              <div class="plan">
                <div class="stack">
                  <Picker label={tLater().places.findClass} value="" placeholder={tLater().places.findClass} find={findAnyClass} onPick={({ id }) => navigate(`/records/plan?class=${id}`)} />
                  <nav class="plan-tree" aria-label={text.tabs.plan}><Branches parent={0} depth={0} chosen={chosen} line={line.slice(0, -1).map(({ id }) => id)} /></nav>
                </div>
                {one ? <ChosenClass key={one.id} one={one} line={line} onEdit={onEdit} onChanged={changed} /> : <p class="muted">{text.chooseClass}</p>}
              </div>
            )}
            {editing?.kind === "move" && <MovePlaceDialog moved={editing.moved} onClose={() => onEdit(null)} />}
            {editing?.kind === "load" && <PlanImportDialog ready={editing.ready} onClose={() => onEdit(null)} onLoaded={changed} />}
            {(editing?.kind === "new" || editing?.kind === "change") && (
              <ClassDialog one={editing.kind === "change" ? editing.one : null} parent={editing.kind === "new" ? editing.parent : null}
                onClose={() => onEdit(null)} onSaved={changed} />
            )}
          </>
        );
      }}
    </Content>
  );
}

function MovePlaceDialog({ moved, onClose }: { moved: Moved; onClose: () => void }) {
  const [to, setTo] = useState<Named | null>(null);
  const text = tLater().places;
  const isClass = moved.kind === "class";
  return (
    <FormDialog title={text.movePlace(moved.name)} action={text.moveThere} onClose={onClose} onSave={() => movePlace(moved, to?.id ?? null)}>
      {(problem) => (
        <>
          <ClassField label={text.into} required={!isClass} {...(isClass ? { placeholder: text.theTop } : {})} value={to}
            error={problem("parent") ?? problem("class")} onPick={setTo} />
          {isClass && <PlanPreview key={to?.id ?? 0} of={{ of: "classes", id: moved.id, body: { parent: to?.id ?? null } }} />}
        </>
      )}
    </FormDialog>
  );
}

function ChosenClass({ one, line, onEdit, onChanged }: {
  one: Class;
  line: readonly Class[];
  onEdit: (editing: Editing | null) => void;
  onChanged: () => Promise<void>;
}) {
  const [history, setHistory] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const text = tLater().records;
  const open = one.status === "open";
  const accepts = line.every(({ status }) => status === "open"); // what is below a closed class takes in nothing either
  const name = `${one.code} ${one.title}`;
  useLayoutEffect(() => (accepts ? openPlace({ field: "class", id: one.id, name }) : undefined), [one.id, name, accepts]);
  const move = () => onEdit({ kind: "move", moved: { kind: "class", id: one.id, name } });
  useLayoutEffect(() => (mayManagePlan.value ? bindKeys({ move }) : undefined), [one.id]);
  const remove = () => attempt(async () => {
    await deleteClass(one);
    navigate(one.parent ? `/records/plan?class=${one.parent}` : "/records/plan");
    await onChanged();
  });
  const setStatus = () => attempt(async () => { await changeClass(one, { status: open ? "closed" : "open" }); }).then(onChanged);
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
            <Button compact icon="folder" aria-keyshortcuts="m" onClick={move}>{tLater().places.moveClass}</Button>
            <Button compact icon={open ? "lock" : "restore"} onClick={() => void setStatus()}>{open ? text.closeClass : text.reopenClass}</Button>
            {one.below === 0 && <Button compact kind="quiet" icon="trash" onClick={() => setDeleting(true)}>{tLater().places.deleteClass}</Button>}
          </>
        )}
        <Button compact icon="list" onClick={() => setHistory(true)}>{text.versions}</Button>
        {mayTransfer.value && <Button compact icon="download" onClick={() => setExporting(true)}>{text.exportPackage}</Button>}
        <a class="button compact" href={`/?f.class=${one.id}`}>{text.showDocuments}</a>
      </div>
      {mayManageAccess.value && (
        <WhoSeesThis version={`${one.version} ${one.access_list.id}`} seen={{ own: tLater().sight.ownPlace, access_list: one.access_list, folder: null, class: one.parent }} />
      )}
      <Folders inClass={one} accepts={accepts} onMove={(folder) => onEdit({ kind: "move", moved: { kind: "folder", id: folder.id, name: folder.title } })} />
      {exporting && <ExportDialog what={{ classes: [one.id] }} name={`${one.code} ${one.title}`} onClose={() => setExporting(false)} />}
      {deleting && (
        <ConfirmDialog title={`${tLater().places.deleteClass}: ${name}`} confirm={tLater().places.deleteClass} onClose={() => setDeleting(false)} onConfirm={() => void remove()}>{tLater().places.deleteHelp}</ConfirmDialog>
      )}
      {history && <ClassHistory one={one} onClose={() => setHistory(false)} />}
    </section>
  );
}
