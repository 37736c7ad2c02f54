// Roles: the standing ones, to be looked at, and those that are composed of permissions.
import { useState } from "preact/hooks";
import { deleteRole, listRoles, saveRole } from "../../api/admin";
import type { ComposedRole, Permission, Role } from "../../api/types";
import { Button, Checkbox, Field, TextField } from "../../components/controls";
import { deleteWithUndo } from "../../components/delete_with_undo";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { session } from "../../state/session";

type StandingName = keyof ReturnType<typeof tLater>["admin"]["roles"];

function isStanding(name: string): name is StandingName {
  return name in tLater().admin.roles;
}

function isComposed(role: Role): role is ComposedRole {
  return role.id !== null;
}

export function roleLabel(name: string): string {
  return isStanding(name) ? tLater().admin.roles[name] : name;
}

export function roleHint(role: Role): string {
  return isStanding(role.name) ? tLater().admin.roleHints[role.name] : role.description;
}

export function Roles() {
  const loaded = useLoaded(listRoles);
  const [editing, setEditing] = useState<ComposedRole | "new" | null>(null);
  const text = tLater().roles;
  const remove = (role: ComposedRole) => {
    const { name, description, permissions } = role;
    return deleteWithUndo(role, name, () => deleteRole(role), () => saveRole(null, { name, description, permissions }), loaded.reload);
  };
  return (
    <>
      <p class="muted">{text.help}</p>
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.compose}</Button><AsCsv path="/roles" /></div>
      <Content of={loaded}>
        {(roles) => (
          <>
            <ul class="cards">
              {roles.map((role) => (
                <li key={role.name} class="card">
                  <span class="muted"><Icon name={isComposed(role) ? "users" : "lock"} size={24} /></span>
                  <div>
                    <div class="name">{roleLabel(role.name)}</div>
                    {roleHint(role) && <p class="small">{roleHint(role)}</p>}
                    <p class="muted small">{text.allows(role.permissions.map((permission) => text.permissions[permission]))}</p>
                    <p class="muted small">{text.accounts(role.accounts)}</p>
                  </div>
                  {isComposed(role) && (
                    <div class="actions">
                      <Button compact icon="edit" aria-label={`${t().common.edit} ${role.name}`} onClick={() => setEditing(role)}>{t().common.edit}</Button>
                      <Button compact icon="trash" aria-label={`${tLater().admin.delete} ${role.name}`} onClick={() => void remove(role)}>{tLater().admin.delete}</Button>
                    </div>
                  )}
                </li>
              ))}
            </ul>
            {editing !== null && <RoleDialog role={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
          </>
        )}
      </Content>
    </>
  );
}

function RoleDialog({ role, onClose, onSaved }: { role: ComposedRole | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(role?.name ?? "");
  const [description, setDescription] = useState(role?.description ?? "");
  const [permissions, setPermissions] = useState<readonly Permission[]>(role?.permissions ?? ["read_documents"]);
  const text = tLater().roles;
  const save = async () => {
    await saveRole(role, { name, description, permissions: [...permissions] });
    await onSaved();
  };
  return (
    <FormDialog title={role?.name ?? text.compose} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <Field label={text.description} error={problem("description")}>
            {(control) => <textarea {...control} class="input" name="description" rows={2} maxLength={1000} value={description} onInput={(event) => setDescription(event.currentTarget.value)} />}
          </Field>
          <fieldset class="stack">
            <legend class="label">{text.may}</legend>
            {offered(role).map((permission) => (
              <Checkbox key={permission} label={text.permissions[permission]} checked={permissions.includes(permission)}
                onChange={(on) => setPermissions(on ? [...permissions, permission] : permissions.filter((other) => other !== permission))} />
            ))}
          </fieldset>
          <p class="hint">{text.reading}</p>
        </>
      )}
    </FormDialog>
  );
}

/** What one has oneself, and what the role has; all roles read. */
function offered(role: ComposedRole | null): Permission[] {
  const own = session.value?.permissions ?? [];
  const others = (role?.permissions ?? []).filter((permission) => !own.includes(permission));
  return [...own, ...others].filter((permission) => permission !== "read_documents");
}
