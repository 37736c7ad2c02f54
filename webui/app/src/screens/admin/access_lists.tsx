import { useState } from "preact/hooks";
import { listAccessLists, listAccounts, listGroups, saveAccessList } from "../../api/admin";
import type { AccessEntry, AccessList, Account, Group } from "../../api/types";
import { Button, IconButton, Select, TextField } from "../../components/controls";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t } from "../../i18n";
import { mayManageAccounts } from "../../state/session";
import { FormDialog } from "../../components/form_dialog";

interface People {
  accounts: readonly Account[];
  groups: readonly Group[];
}

const load = async () => {
  const knowsPeople = mayManageAccounts.value; // others change the rights of those who are on a list already
  const [lists, accounts, groups] = await Promise.all([listAccessLists(), knowsPeople ? listAccounts() : [], knowsPeople ? listGroups() : []]);
  return { lists, accounts, groups };
};

export function AccessLists() {
  const loaded = useLoaded(load);
  const [editing, setEditing] = useState<AccessList | "new" | null>(null);
  const text = t().admin;
  return (
    <>
      <div><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newAccess}</Button></div>
      <Content of={loaded}>
        {({ lists, accounts, groups }) => (
          <>
            <ul class="cards">
              {lists.map((list) => (
                <li key={list.id} class="card">
                  <span class="muted"><Icon name="shield" size={24} /></span>
                  <div>
                    <div class="name">{list.name}</div>
                    <p class="muted small">{list.entries.map((entry) => `${subjectName(entry)} (${entry.may_change ? text.mayChange : text.mayRead})`).join(", ")}</p>
                  </div>
                  <div class="actions"><Button compact icon="edit" aria-label={`${t().common.edit} ${list.name}`} onClick={() => setEditing(list)}>{t().common.edit}</Button></div>
                </li>
              ))}
            </ul>
            {editing !== null && (
              <ListDialog list={editing === "new" ? null : editing} people={{ accounts, groups }} onClose={() => setEditing(null)} onSaved={loaded.reload} />
            )}
          </>
        )}
      </Content>
    </>
  );
}

function subjectName(entry: AccessEntry): string {
  return entry.subject === "everyone" ? t().admin.everyone : entry.name ?? `#${entry.id ?? ""}`;
}

function ListDialog({ list, people, onClose, onSaved }: { list: AccessList | null; people: People; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(list?.name ?? "");
  const [entries, setEntries] = useState<readonly AccessEntry[]>(list?.entries ?? []);
  const text = t().admin;
  const key = (entry: AccessEntry) => `${entry.subject}:${entry.id ?? 0}`;
  const taken = new Set(entries.map(key));
  const choices = [
    { value: "everyone:0", label: text.everyone },
    ...people.groups.map((group) => ({ value: `group:${group.id}`, label: group.name })),
    ...people.accounts.map((account) => ({ value: `account:${account.id}`, label: account.display_name || account.name })),
  ].filter((choice) => !taken.has(choice.value));
  const add = (value: string) => {
    const [subject, id] = value.split(":");
    const name = choices.find((choice) => choice.value === value)?.label ?? "";
    if (subject === "everyone") setEntries([...entries, { subject, id: null, may_change: false }]);
    if (subject === "group" || subject === "account") setEntries([...entries, { subject, id: Number(id), name, may_change: false }]);
  };
  const save = async () => {
    await saveAccessList(list, name, [...entries]);
    await onSaved();
  };
  return (
    <FormDialog title={list?.name ?? text.newAccess} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <ul class="stack">
            {entries.map((entry) => {
              const subject = subjectName(entry);
              return (
                <li key={key(entry)} class="entry">
                  <span>{subject}</span>
                  <Select hidden label={subject} value={entry.may_change ? "change" : "read"}
                    onChange={(value) => setEntries(entries.map((other) => (other === entry ? { ...entry, may_change: value === "change" } : other)))}
                    options={[{ value: "read", label: text.mayRead }, { value: "change", label: text.mayChange }]} />
                  <IconButton icon="close" small label={`${t().common.remove} ${subject}`} onClick={() => setEntries(entries.filter((other) => other !== entry))} />
                </li>
              );
            })}
          </ul>
          {choices.length > 0 && <Select label={text.addSubject} value="" onChange={add} options={[{ value: "", label: t().panel.choose }, ...choices]} />}
        </>
      )}
    </FormDialog>
  );
}
