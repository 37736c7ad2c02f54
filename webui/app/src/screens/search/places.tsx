// The file plan beside the list. Its classes and folders narrow the list, and take in the rows that are dropped on them;
// with the keyboard, `m` moves rows. A branch is asked for when it is opened.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { classesBelow, foldersOf } from "../../api/file_plan";
import { Banner, Button, IconButton } from "../../components/controls";
import { Icon } from "../../components/icon";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { draggedDocuments, listQuery } from "../../state/search";
import { mayEdit } from "../../state/session";
import { byCode } from "../records/plan_tree";
import { applyFilter, nameFilter } from "./facets";
import { dropOn } from "./move";

interface Place {
  kind: "class" | "folder";
  id: number;
  name: string;
}

export function Places() {
  const [open, setOpen] = useState(false);
  const text = tLater().places;
  return (
    <div class="facet">
      <Button compact icon={open ? "down" : "right"} aria-expanded={open} onClick={() => setOpen(!open)}
        onDragEnter={(event) => { if (takes(event)) setOpen(true); }}>{text.title}</Button>
      {open && <div class="plan-tree"><Branch inClass={0} /></div>}
    </div>
  );
}

function Branch({ inClass }: { inClass: number }) {
  const classes = useParts((cursor) => classesBelow(inClass, cursor), "");
  const folders = useParts(async (cursor) => (inClass ? foldersOf(inClass, "", cursor) : { items: [], next: null }), "");
  const text = tLater().places;
  const error = classes.error ?? folders.error;
  if (error !== null) return <Banner kind="danger">{explain(error)}</Banner>;
  if (!classes.items || !folders.items) return null;
  return (
    <ul>
      {[...classes.items].sort(byCode).map(({ id, code, title }) => <Line key={id} place={{ kind: "class", id, name: `${code} ${title}` }} />)}
      {classes.more && <li><Button compact onClick={classes.more}>{text.moreClasses}</Button></li>}
      {folders.items.map(({ id, title }) => <Line key={`folder ${id}`} place={{ kind: "folder", id, name: title }} />)}
      {folders.more && <li><Button compact onClick={folders.more}>{text.moreFolders}</Button></li>}
      {inClass > 0 && classes.items.length + folders.items.length === 0 && <li class="muted small">{tLater().records.noFolders}</li>}
    </ul>
  );
}

function Line({ place: { kind, id, name } }: { place: Place }) {
  const [open, setOpen] = useState(false);
  const here = listQuery.value.filters.some(({ facet, value, exclude }) => facet === kind && value === String(id) && !exclude);
  const drop = (event: DragEvent) => {
    const ids = event.dataTransfer?.getData(draggedDocuments);
    if (!mayEdit.value || !ids) return;
    event.preventDefault();
    void dropOn(kind, id, name, JSON.parse(ids) as number[]);
  };
  const narrow = () => {
    nameFilter(kind, String(id), name);
    applyFilter(kind, String(id), here ? "absent" : "only");
  };
  return (
    <li>
      <div class="plan-line" data-place={`${kind} ${id}`} onDragOver={(event) => { if (takes(event)) event.preventDefault(); }} onDrop={drop}>
        {kind === "class"
          ? <IconButton small icon={open ? "down" : "right"} label={tLater().records.below(name)} aria-expanded={open} onClick={() => setOpen(!open)}
              onDragEnter={(event) => { if (takes(event)) setOpen(true); }} />
          : <span class="plan-leaf"><Icon name="folder" size={16} /></span>}
        <button type="button" class="link-button" aria-pressed={here} onClick={narrow}>{name}</button>
      </div>
      {open && <Branch inClass={id} />}
    </li>
  );
}

/** Whether rows of the list are dragged by somebody who may file them. */
function takes(event: DragEvent): boolean {
  return mayEdit.value && (event.dataTransfer?.types.includes(draggedDocuments) ?? false);
}
