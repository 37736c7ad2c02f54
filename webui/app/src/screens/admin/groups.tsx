import { useState } from "preact/hooks";
import { deleteGroup, listGroups, saveGroup } from "../../api/admin";
import type { Group, Membership } from "../../api/types";
import { PersonField } from "../../components/choosers";
import { Button, EmptyState, IconButton, TextField } from "../../components/controls";
import { deleteWithUndo } from "../../components/delete_with_undo";
import { AsCsv } from "../../components/download";
import { Icon } from "../../components/icon";
import { foundPath, PartsList, useFoundParts } from "../../components/parts_list";
import { t, tLater } from "../../i18n";
import { FormDialog } from "../../components/form_dialog";
import { memberWords, ValidityFields } from "../../components/validity";

export function Groups() {
  const loaded = useFoundParts(listGroups);
  const [editing, setEditing] = useState<Group | "new" | null>(null);
  const text = tLater().admin;
  const remove = (group: Group) => deleteWithUndo(group, group.name, () => deleteGroup(group),
    () => saveGroup(null, group.name, group.members), loaded.reload);
  return (
    <>
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newGroup}</Button><AsCsv path={foundPath("/groups", loaded)} /></div>
      <PartsList of={loaded}>
        {(groups) => (
          <>
            {groups.length === 0 && loaded.part === "" ? <EmptyState icon="users" title={text.noGroups}>{text.groupsHelp}</EmptyState> : (
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
                      <Button compact icon="trash" aria-label={`${text.delete} ${group.name}`} onClick={() => void remove(group)}>{text.delete}</Button>
                    </div>
                  </li>
                ))}
              </ul>
            )}
            {editing !== null && (
              <GroupDialog group={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />
            )}
          </>
        )}
      </PartsList>
    </>
  );
}

function memberNames(group: Group): string {
  return group.members.map(memberWords).join(", ");
}

function GroupDialog({ group, onClose, onSaved }: { group: Group | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(group?.name ?? "");
  const [members, setMembers] = useState<readonly Membership[]>(group?.members ?? []);
  const text = tLater().admin;
  const save = async () => {
    await saveGroup(group, name, members);
    await onSaved();
  };
  return (
    <FormDialog title={group?.name ?? text.newGroup} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <PersonField label={text.members} value={null}
            onPick={(person) => { if (person && !members.some(({ id }) => id === person.id)) setMembers([...members, person]); }} />
          {members.length > 0 && (
            <ul class="stack" aria-label={text.members}>
              {members.map((member) => (
                <li key={member.id}>
                  <div class="entry">
                    <span>{member.name}</span>
                    <span />
                    <IconButton icon="close" small label={`${t().common.remove} ${member.name}`} onClick={() => setMembers(members.filter((other) => other !== member))} />
                  </div>
                  <ValidityFields of={member.name} value={member} onChange={(validity) => setMembers(members.map((other) => (other === member ? { ...member, ...validity } : other)))} />
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </FormDialog>
  );
}
