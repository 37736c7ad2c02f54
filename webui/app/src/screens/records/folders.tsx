// The folders of one class: made, renamed, closed and opened again; their events and holds.
import { useRef, useState } from "preact/hooks";
import { ApiError, explain } from "../../api/client";
import { changeFolder, createFolder, deleteFolder, foldersOf } from "../../api/file_plan";
import { folderEvents, recordEvent } from "../../api/records";
import type { Class, Folder } from "../../api/types";
import { Banner, Button, TextField } from "../../components/controls";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { AsCsv } from "../../components/download";
import { FollowItem } from "../../components/follow";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { MaskedWords } from "../../components/masked_words";
import { Menu, MenuItem } from "../../components/menu";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { foundPath } from "../../components/parts_list";
import { useParts } from "../../components/use_parts";
import { tLater, t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { mayEdit, mayManageAccess, mayManageHolds, mayManagePlan, mayManageRecords, mayTransfer } from "../../state/session";
import { WhoSeesAnswer } from "../panel/who_sees";
import { draggable, planChanges } from "./plan_tree";
import { UndeclaredDialog } from "./close_folder";
import { EventDialog, EventList } from "./events";
import { ExportDialog } from "./export_dialog";
import { AddToHoldDialog } from "./hold_dialogs";
import { changeFolderAccess, PlaceAccessField, usePlaceAccess } from "./place_access";
import { PlanPreview } from "./plan_preview";
import { attempt, ReasonDialog, ScheduleField, TableHead, TableRegion } from "./parts";

/** Whoever works with documents keeps folders, and so does whoever keeps the plan. */
const mayKeep = () => mayEdit.value || mayManagePlan.value;

type Doing = { what: "new" } | { what: "change" | "reopen" | "event" | "events" | "hold" | "export" | "access" | "undeclared" | "delete"; folder: Folder };

/** `accepts`: new folders can be made here, neither the class nor one above it is closed. */
export function Folders({ inClass, accepts, onMove }: { inClass: Class; accepts: boolean; onMove: (folder: Folder) => void }) {
  const part = location.value.query.get("q") ?? "";
  const folders = useParts((cursor) => foldersOf(inClass.id, part, cursor), `${part} ${planChanges.value}`);
  const [doing, setDoing] = useState<Doing | null>(null);
  const text = tLater().records;
  const done = () => setDoing(null);
  const closeFolder = (folder: Folder) => attempt(async () => {
    try {
      await changeFolder(folder, { status: "closed" });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "conflict") throw error;
      setDoing({ what: "undeclared", folder });
    }
  }).then(folders.reload);
  const reopenFolder = async (folder: Folder, reason: string) => {
    await changeFolder(folder, { status: "open", reason });
    await folders.reload();
  };
  return (
    <>
      <div class="button-row">
        <h3 class="grow">{text.folders}</h3>
        <AsCsv path={foundPath(`/folders?class=${inClass.id}`, { part })} />
        {mayKeep() && accepts && <Button compact icon="plus" onClick={() => setDoing({ what: "new" })}>{text.newFolder}</Button>}
      </div>
      {(part !== "" || folders.more) && <TextField label={tLater().places.findFolder} type="text" value={part} onInput={(typed) => setQuery({ q: typed }, true)} />}
      {folders.error !== null && <Banner kind="danger">{explain(folders.error)}</Banner>}
      {folders.items?.length === 0 && <p class="muted">{text.noFolders}</p>}
      {folders.items && folders.items.length > 0 && (
        <TableRegion label={text.folders}>
          <TableHead columns={[text.folder, text.state, text.schedule, ""]} />
          <tbody>
            {folders.items.map((folder) => (
              <tr key={folder.id} {...draggable({ kind: "folder", id: folder.id, name: folder.title })}>
                <td><a href={`/?f.folder=${folder.id}`} draggable={false}>{folder.title}</a></td>
                <td>{folder.closed_on ? text.closedOn(formatDate(folder.closed_on)) : text.openSince(formatDate(folder.opened_at))}</td>
                <td>{folder.schedule?.name}{folder.own_schedule && ` (${text.ownSchedule})`}</td>
                <td><div class="actions"><FolderMenu folder={folder} onDo={(what) => (what === "move" ? onMove(folder) : setDoing({ what, folder }))} onClosing={() => void closeFolder(folder)} /></div></td>
              </tr>
            ))}
          </tbody>
        </TableRegion>
      )}
      {folders.more && <div><Button compact onClick={folders.more}>{tLater().places.moreFolders}</Button></div>}
      {doing?.what === "new" && <NewFolder inClass={inClass} onClose={done} onSaved={folders.reload} />}
      {doing?.what === "change" && <FolderDialog folder={doing.folder} onClose={done} onSaved={folders.reload} />}
      {doing?.what === "reopen" && (
        <ReasonDialog title={`${text.reopenFolder}: ${doing.folder.title}`} action={text.reopenFolder} onClose={done}
          onSave={(reason) => reopenFolder(doing.folder, reason)} />
      )}
      {doing?.what === "undeclared" && <UndeclaredDialog folder={doing.folder} onClose={done} onClosed={folders.reload} />}
      {doing?.what === "event" && (
        <EventDialog onClose={done} onSave={(name, date) => recordEvent(name, date, { folders: [doing.folder.id] })} />
      )}
      {doing?.what === "events" && <FolderEvents folder={doing.folder} onClose={done} />}
      {doing?.what === "hold" && <AddToHoldDialog on={{ folder: doing.folder.id }} name={doing.folder.title} onClose={done} />}
      {doing?.what === "access" && (
        <Dialog title={`${tLater().sight.title}: ${doing.folder.title}`} onClose={done}>
          <WhoSeesAnswer seen={{ own: tLater().sight.ownPlace, access_list: doing.folder.access_list, folder: null, class: doing.folder.class.id }} />
        </Dialog>
      )}
      {doing?.what === "delete" && (
        <ConfirmDialog title={`${tLater().places.deleteFolder}: ${doing.folder.title}`} confirm={tLater().places.deleteFolder} onClose={done}
          onConfirm={() => void attempt(() => deleteFolder(doing.folder)).then(folders.reload)}>{tLater().places.deleteHelp}</ConfirmDialog>
      )}
      {doing?.what === "export" && <ExportDialog what={{ folders: [doing.folder.id] }} name={doing.folder.title} onClose={done} />}
    </>
  );
}

function FolderMenu({ folder, onDo, onClosing }: { folder: Folder; onDo: (what: Exclude<Doing["what"], "new"> | "move") => void; onClosing: () => void }) {
  const text = tLater().records;
  const open = folder.status === "open";
  return (
    <Menu label={`${t().common.more}: ${folder.title}`} trigger={<Icon name="more" />}>
      {(close) => {
        const choose = (what: Parameters<typeof onDo>[0]) => () => { close(); onDo(what); };
        return (
          <>
            {(mayKeep() || mayManageRecords.value) && <MenuItem icon="edit" onSelect={choose("change")}>{t().common.edit}</MenuItem>}
            {mayManagePlan.value && <MenuItem icon="folder" onSelect={choose("move")}>{tLater().places.movePlaceShort}</MenuItem>}
            {mayKeep() && open && <MenuItem icon="lock" onSelect={() => { close(); onClosing(); }}>{text.closeFolder}</MenuItem>}
            {mayManageRecords.value && !open && <MenuItem icon="restore" onSelect={choose("reopen")}>{text.reopenFolder}</MenuItem>}
            {mayManageRecords.value && <MenuItem icon="clock" onSelect={choose("event")}>{text.recordEvent}</MenuItem>}
            <FollowItem kind="folder" id={folder.id} close={close} />
            {mayManageAccess.value && <MenuItem icon="users" onSelect={choose("access")}>{tLater().sight.title}</MenuItem>}
            <MenuItem icon="list" onSelect={choose("events")}>{text.events}</MenuItem>
            {mayManageHolds.value && <MenuItem icon="hold" onSelect={choose("hold")}>{text.placeOnHold}</MenuItem>}
            {mayTransfer.value && <MenuItem icon="download" onSelect={choose("export")}>{text.exportPackage}</MenuItem>}
            {mayKeep() && <MenuItem icon="trash" onSelect={choose("delete")}>{tLater().places.deleteFolder}</MenuItem>}
          </>
        );
      }}
    </Menu>
  );
}

function NewFolder({ inClass, onClose, onSaved }: { inClass: Class; onClose: () => void; onSaved: () => Promise<void> }) {
  const [title, setTitle] = useState("");
  const text = tLater().records;
  return (
    <FormDialog title={`${text.newFolder}: ${inClass.code} ${inClass.title}`} onClose={onClose} onSave={async () => { await createFolder(inClass.id, title.trim()); await onSaved(); }}>
      {(problem) => <TextField label={text.folderName} name="title" required error={problem("title")} value={title} onInput={setTitle} />}
    </FormDialog>
  );
}

function FolderDialog({ folder, onClose, onSaved }: { folder: Folder; onClose: () => void; onSaved: () => Promise<void> }) {
  const [title, setTitle] = useState(folder.title);
  const [publicTitle, setPublicTitle] = useState(folder.public_title);
  const own = folder.own_schedule ? folder.schedule : null;
  const [schedule, setSchedule] = useState(own);
  const text = tLater().records;
  const access = usePlaceAccess(folder);
  const rescheduled = schedule?.id !== own?.id;
  const saved = useRef(folder); // what another try begins with, should only the list have been refused
  const shown = useRef(folder); // how the list behind has it
  const save = async () => {
    saved.current = await changeFolder(saved.current, { ...(title !== folder.title ? { title } : {}), ...(publicTitle !== folder.public_title ? { public_title: publicTitle } : {}), ...(rescheduled ? { schedule: schedule?.id ?? null } : {}) });
    if (access.changed) saved.current = await changeFolderAccess(saved.current, access);
    await onSaved();
    shown.current = saved.current;
  };
  const close = () => {
    if (saved.current !== shown.current) void onSaved(); // the access list was refused, and given up
    onClose();
  };
  return (
    <FormDialog title={folder.title} onClose={close} onSave={save}>
      {(problem) => (
        <>
          {mayKeep() && (
            <>
              <TextField label={text.folderName} name="title" required error={problem("title")} value={title} onInput={setTitle} />
              <TextField label={tLater().publicTitle.title} name="public_title" hint={tLater().publicTitle.help} error={problem("public_title")}
                value={publicTitle ?? ""} onInput={(text) => setPublicTitle(text || null)} />
              <MaskedWords label={tLater().publicTitle.hide} title={title} masked={publicTitle} onChange={setPublicTitle} />
            </>
          )}
          {mayManageRecords.value && <ScheduleField value={schedule} placeholder={text.asClass} error={problem("schedule")} onPick={setSchedule} />}
          {rescheduled && <PlanPreview key={schedule?.id ?? 0} of={{ of: "folders", id: folder.id, body: { schedule: schedule?.id ?? null } }} />}
          <PlaceAccessField access={access} filter={{ "f.folder": String(folder.id) }} error={problem("access_list")} />
        </>
      )}
    </FormDialog>
  );
}

function FolderEvents({ folder, onClose }: { folder: Folder; onClose: () => void }) {
  const events = useLoaded(() => folderEvents(folder.id));
  return (
    <Dialog title={`${tLater().records.events}: ${folder.title}`} onClose={onClose}>
      <Content of={events}>{(all) => <EventList events={all} onChanged={events.reload} />}</Content>
    </Dialog>
  );
}
