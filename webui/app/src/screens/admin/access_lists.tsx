import { useState } from "preact/hooks";
import { listAccessLists, saveAccessList } from "../../api/admin";
import type { AccessEntry, AccessList, Subject } from "../../api/types";
import { Button, Field, IconButton, Select, TextField } from "../../components/controls";
import { AsCsv, Download } from "../../components/download";
import { LevelField } from "../../components/level_field";
import { Icon } from "../../components/icon";
import { foundPath, PartsList, useFoundParts } from "../../components/parts_list";
import { SubjectPicker } from "../../components/subject_picker";
import { t, tLater } from "../../i18n";
import { FormDialog } from "../../components/form_dialog";
import { ValidityFields, validityWords } from "../../components/validity";
import { mayManageAccounts } from "../../state/session";
import { Levels } from "./levels";

export function AccessLists() {
  const loaded = useFoundParts(listAccessLists);
  const [editing, setEditing] = useState<AccessList | "new" | null>(null);
  const text = tLater().admin;
  return (
    <>
      <div class="button-row">
        <Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newAccess}</Button>
        <AsCsv path={foundPath("/access-lists", loaded)} />
        <Download path="/reports/access.csv">{text.accessReport}</Download>
      </div>
      {mayManageAccounts.value && <Levels />}
      <PartsList of={loaded}>
        {(lists) => (
          <>
            <ul class="cards">
              {lists.map((list) => (
                <li key={list.id} class="card">
                  <span class="muted"><Icon name="shield" size={24} /></span>
                  <div>
                    <div class="name">{list.name} {list.level.number > 0 && <span class="badge">{list.level.name}</span>}</div>
                    <p class="muted small">{list.entries.map((entry) => `${subjectName(entry)} (${[entry.may_change ? text.mayChange : text.mayRead, validityWords(entry)].filter(Boolean).join(", ")})`).join(", ")}</p>
                  </div>
                  <div class="actions"><Button compact icon="edit" aria-label={`${t().common.edit} ${list.name}`} onClick={() => setEditing(list)}>{t().common.edit}</Button></div>
                </li>
              ))}
            </ul>
            {editing !== null && (
              <ListDialog list={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />
            )}
          </>
        )}
      </PartsList>
    </>
  );
}

function subjectName(entry: AccessEntry): string {
  return entry.subject === "everyone" ? tLater().admin.everyone : entry.name ?? `#${entry.id ?? ""}`;
}

function ListDialog({ list, onClose, onSaved }: { list: AccessList | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(list?.name ?? "");
  const [level, setLevel] = useState(list?.level.number ?? 0);
  const [entries, setEntries] = useState<readonly AccessEntry[]>(list?.entries ?? []);
  const text = tLater().admin;
  const key = (entry: AccessEntry) => `${entry.subject}:${entry.id ?? 0}`;
  const taken = new Set(entries.map(key));
  const add = ({ subject, id, name: called }: Subject) => setEntries([...entries, { subject, id, name: called, may_change: false }]);
  const change = (entry: AccessEntry, to: Partial<AccessEntry>) => setEntries(entries.map((other) => (other === entry ? { ...entry, ...to } : other)));
  const save = async () => {
    await saveAccessList(list, name, [...entries], level === list?.level.number ? undefined : level);
    await onSaved();
  };
  return (
    <FormDialog title={list?.name ?? text.newAccess} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <LevelField label={tLater().levels.level} hint={tLater().levels.levelHint} error={problem("level")} value={level} onChange={setLevel} />
          <ul class="stack">
            {entries.map((entry) => {
              const subject = subjectName(entry);
              return (
                <li key={key(entry)}>
                  <div class="entry">
                    <span>{subject}</span>
                    <Select hidden label={subject} value={entry.may_change ? "change" : "read"} onChange={(value) => change(entry, { may_change: value === "change" })}
                      options={[{ value: "read", label: text.mayRead }, { value: "change", label: text.mayChange }]} />
                    <IconButton icon="close" small label={`${t().common.remove} ${subject}`} onClick={() => setEntries(entries.filter((other) => other !== entry))} />
                  </div>
                  <ValidityFields of={subject} value={entry} onChange={(validity) => change(entry, validity)} />
                </li>
              );
            })}
          </ul>
          <Field label={text.addSubject}>{({ id }) => <SubjectPicker id={id} label={text.addSubject} taken={taken} onPick={add} />}</Field>
          {!taken.has("everyone:0") && (
            <div><Button compact icon="users" onClick={() => setEntries([...entries, { subject: "everyone", id: null, may_change: false }])}>{text.everyone}</Button></div>
          )}
        </>
      )}
    </FormDialog>
  );
}
