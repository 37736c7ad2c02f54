import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { deleteGroup, listAccounts, listGroups, saveGroup } from "../../api/admin";
import type { Account, Group } from "../../api/types";
import { Button, Checkbox, EmptyState, TextField } from "../../components/controls";
import { ConfirmDialog } from "../../components/dialog";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t } from "../../i18n";
import { showToast } from "../../state/toasts";
import { FormDialog } from "../../components/form_dialog";

const load = async () => {
  const [groups, accounts] = await Promise.all([listGroups(), listAccounts()]);
  return { groups, accounts };
};

export function Groups() {
  const loaded = useLoaded(load);
  const [editing, setEditing] = useState<Group | "new" | null>(null);
  const [deleting, setDeleting] = useState<Group | null>(null);
  const text = t().admin;
  const remove = async (group: Group) => {
    try {
      await deleteGroup(group);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <>
      <div><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newGroup}</Button></div>
      <Content of={loaded}>
        {({ groups, accounts }) => (
          <>
            {groups.length === 0 ? <EmptyState icon="users" title={text.noGroups}>{text.groupsHelp}</EmptyState> : (
              <ul class="cards">
                {groups.map((group) => (
                  <li key={group.id} class="card">
                    <span class="muted"><Icon name="users" size={24} /></span>
                    <div>
                      <div class="name">{group.name}</div>
                      <p class="muted small">{text.memberCount(group.members.length)}{group.members.length > 0 && `: ${memberNames(group)}`}</p>
                    </div>
                    <div class="actions">
                      <Button compact icon="edit" aria-label={`${t().common.edit} ${group.name}`} onClick={() => setEditing(group)}>{t().common.edit}</Button>
                      <Button compact icon="trash" aria-label={`${text.delete} ${group.name}`} onClick={() => setDeleting(group)}>{text.delete}</Button>
                    </div>
                  </li>
                ))}
              </ul>
            )}
            {editing !== null && (
              <GroupDialog group={editing === "new" ? null : editing} accounts={accounts} onClose={() => setEditing(null)} onSaved={loaded.reload} />
            )}
          </>
        )}
      </Content>
      {deleting && (
        <ConfirmDialog title={text.deleteGroup} confirm={text.delete} onClose={() => setDeleting(null)} onConfirm={() => void remove(deleting)}>
          {text.deleteGroupHelp}
        </ConfirmDialog>
      )}
    </>
  );
}

function memberNames(group: Group): string {
  return group.members.map((member) => member.name).join(", ");
}

function GroupDialog({ group, accounts, onClose, onSaved }: { group: Group | null; accounts: readonly Account[]; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(group?.name ?? "");
  const [members, setMembers] = useState<readonly number[]>(group?.members.map((member) => member.id) ?? []);
  const text = t().admin;
  const save = async () => {
    await saveGroup(group, name, members);
    await onSaved();
  };
  return (
    <FormDialog title={group?.name ?? text.newGroup} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <fieldset class="stack">
            <legend class="label">{text.members}</legend>
            {accounts.map((account) => (
              <Checkbox key={account.id} label={account.display_name || account.name} checked={members.includes(account.id)}
                onChange={(checked) => setMembers(checked ? [...members, account.id] : members.filter((id) => id !== account.id))} />
            ))}
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
