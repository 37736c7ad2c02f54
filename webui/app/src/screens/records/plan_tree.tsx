// The file plan as a tree whose branches are asked for when they are opened. A class or folder is moved by dragging it on a
// class; the same is done with the keyboard by `m`.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { classesBelow, fetchClass, fetchFolder, moveClass, moveFolder } from "../../api/file_plan";
import type { Class } from "../../api/types";
import { Banner, Button, IconButton, Loading } from "../../components/controls";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { mayManagePlan } from "../../state/session";
import { showToast } from "../../state/toasts";

/** Rises whenever the plan has changed, so that what shows it asks again. */
export const planChanges = signal(0);

export type Moved = { kind: "class" | "folder"; id: number; name: string };

const dragged = "application/x-muniment-place";

/** Attributes of what can be dragged on a class. */
export function draggable(moved: Moved) {
  return mayManagePlan.value ? { draggable: true, onDragStart: (event: DragEvent) => event.dataTransfer?.setData(dragged, JSON.stringify(moved)) } : {};
}

/** Moves a class or folder to a class (null: to the top), and offers to take that back. */
export async function movePlace(moved: Moved, to: number | null): Promise<void> {
  const back = moved.kind === "class" ? await classTo(moved.id, to) : await folderTo(moved.id, to ?? 0);
  planChanges.value += 1;
  if (back === to) return;
  showToast(tLater().places.placeMoved(moved.name), () => movePlace(moved, back));
}

/** Returns where it was. */
async function classTo(id: number, parent: number | null): Promise<number | null> {
  const before = await fetchClass(id);
  if (before.parent !== parent) await moveClass(before, parent);
  return before.parent;
}

async function folderTo(id: number, inClass: number): Promise<number> {
  const before = await fetchFolder(id);
  if (before.class.id !== inClass) await moveFolder(before, inClass);
  return before.class.id;
}

function drop(event: DragEvent, onto: number): void {
  const moved = event.dataTransfer?.getData(dragged);
  if (!moved) return;
  event.preventDefault();
  const place = JSON.parse(moved) as Moved;
  if (place.kind === "class" && place.id === onto) return;
  void movePlace(place, onto).catch((error: unknown) => showToast(explain(error)));
}

const allow = (event: DragEvent) => { if (event.dataTransfer?.types.includes(dragged)) event.preventDefault(); };

/** Siblings in the order of their codes, "2" before "10". */
export function byCode(one: Class, other: Class): number {
  return one.code.localeCompare(other.code, "en", { numeric: true });
}

const fewEnoughToUnfold = 12;

/** The classes below one (0: at the top). A branch is open where the chosen class is, and where there is little of it. */
export function Branches({ parent, depth, chosen, line }: { parent: number; depth: number; chosen: number; line: readonly number[] }) {
  const classes = useParts((cursor) => classesBelow(parent, cursor), `${parent} ${planChanges.value}`);
  if (classes.items === null) return classes.error === null ? <Loading /> : <Banner kind="danger">{explain(classes.error)}</Banner>;
  const few = depth < 2 && classes.items.length <= fewEnoughToUnfold;
  return (
    <ul>
      {[...classes.items].sort(byCode).map((here) => (
        <BranchLine key={here.id} here={here} depth={depth} chosen={chosen} line={line} open={line.includes(here.id) || (few && here.below <= fewEnoughToUnfold)} />
      ))}
      {classes.more && <li><Button compact onClick={classes.more}>{tLater().places.moreClasses}</Button></li>}
    </ul>
  );
}

function BranchLine({ here, depth, chosen, line, open: first }: { here: Class; depth: number; chosen: number; line: readonly number[]; open: boolean }) {
  const [turned, setTurned] = useState<boolean | null>(null);
  const open = turned ?? first;
  const text = tLater().records;
  const name = `${here.code} ${here.title}`;
  return (
    <li>
      <div class="plan-line" data-class={here.id} onDragOver={allow} onDrop={(event) => drop(event, here.id)} {...draggable({ kind: "class", id: here.id, name })}>
        {here.below > 0
          ? <IconButton small icon={open ? "down" : "right"} label={text.below(name)} aria-expanded={open} onClick={() => setTurned(!open)} />
          : <span class="plan-leaf" />}
        <a href={`/records/plan?class=${here.id}`} aria-current={here.id === chosen ? "true" : undefined} draggable={false}><strong>{here.code}</strong> {here.title}</a>
        {here.status === "closed" && <span class="badge">{text.closed}</span>}
        {here.own_schedule && here.schedule && <span class="badge accent">{here.schedule.name}</span>}
      </div>
      {here.below > 0 && open && <Branches parent={here.id} depth={depth + 1} chosen={chosen} line={line} />}
    </li>
  );
}
