import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { resetSecondFactor } from "../../api/second_factor";
import { changeAccount, createAccount, listAccounts, listRoles, setPassword as setAccountPassword } from "../../api/admin";
import type { Account, Role } from "../../api/types";
import { Button, Checkbox, Select, TextField } from "../../components/controls";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { FormDialog } from "../../components/form_dialog";
import { showToast } from "../../state/toasts";
import { RestoredAccess } from "./restored_access";
import { roleHint, roleLabel } from "./roles";

async function loadAccounts() {
  const [accounts, roles] = await Promise.all([listAccounts(), listRoles()]);
  return { accounts, roles };
}

export function Accounts() {
  const loaded = useLoaded(loadAccounts);
  const [editing, setEditing] = useState<Account | "new" | null>(null);
  const text = t().admin;
  return (
    <>
      <RestoredAccess />
      <div><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newAccount}</Button></div>
      <Content of={loaded}>
        {({ accounts, roles }) => (
          <>
            <div class="table-wrap" tabIndex={0} role="region" aria-label={text.accounts}>
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">{text.displayName}</th><th scope="col">{text.userName}</th><th scope="col">{text.role}</th>
                    <th scope="col">{text.created}</th><th scope="col"><span class="visually-hidden">{t().common.edit}</span></th>
                  </tr>
                </thead>
                <tbody>
                  {accounts.map((account) => (
                    <tr key={account.id}>
                      <td>{account.display_name} {account.disabled && <span class="badge danger">{text.disabled}</span>}</td>
                      <td>{account.name}</td>
                      <td>{roleLabel(account.role)}</td>
                      <td class="nowrap">{formatDate(account.created_at)}</td>
                      <td><div class="actions"><Button compact icon="edit" aria-label={`${t().common.edit} ${account.name}`} onClick={() => setEditing(account)}>{t().common.edit}</Button></div></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {editing === "new" && <NewAccount roles={roles} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
            {editing !== null && editing !== "new" && <EditAccount account={editing} roles={roles} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
          </>
        )}
      </Content>
    </>
  );
}

function RoleField({ roles, value, onChange, error }: { roles: readonly Role[]; value: string; onChange: (role: string) => void; error: string | undefined }) {
  const chosen = roles.find(({ name }) => name === value);
  return (
    <div class="field">
      <Select label={t().admin.role} value={value} onChange={onChange} options={roles.map(({ name }) => ({ value: name, label: roleLabel(name) }))} />
      <div class="hint">{chosen && roleHint(chosen)}</div>
      {error && <div class="error" role="alert">{error}</div>}
    </div>
  );
}

function NewAccount({ roles, onClose, onSaved }: { roles: readonly Role[]; onClose: () => void; onSaved: () => Promise<void> }) {
  const [account, setAccount] = useState({ name: "", display_name: "", role: "staff", password: "" });
  const text = t().admin;
  return (
    <FormDialog title={text.newAccount} onClose={onClose} onSave={async () => { await createAccount(account); await onSaved(); }}>
      {(problem) => (
        <>
          <TextField label={text.userName} name="name" required autoCapitalize="none" autoComplete="off" error={problem("name")} value={account.name}
            onInput={(name) => setAccount({ ...account, name })} />
          <TextField label={text.displayName} name="display_name" autoComplete="off" error={problem("display_name")} value={account.display_name}
            onInput={(display_name) => setAccount({ ...account, display_name })} />
          <RoleField roles={roles} error={problem("role")} value={account.role} onChange={(role) => setAccount({ ...account, role })} />
          <TextField label={text.password} name="password" type="password" required minLength={12} autoComplete="new-password" hint={text.passwordHint}
            error={problem("password")} value={account.password} onInput={(password) => setAccount({ ...account, password })} />
        </>
      )}
    </FormDialog>
  );
}

function EditAccount({ account, roles, onClose, onSaved }: { account: Account; roles: readonly Role[]; onClose: () => void; onSaved: () => Promise<void> }) {
  const [displayName, setDisplayName] = useState(account.display_name);
  const [role, setRole] = useState(account.role);
  const [disabled, setDisabled] = useState(account.disabled);
  const [password, setPassword] = useState("");
  const text = t().admin;
  const save = async () => {
    const change = {
      ...(displayName !== account.display_name ? { display_name: displayName } : {}),
      ...(role !== account.role ? { role } : {}),
      ...(disabled !== account.disabled ? { disabled } : {}),
    };
    if (Object.keys(change).length > 0) await changeAccount(account, change);
    if (password) await setAccountPassword(account.id, password);
    await onSaved();
  };
  const reset = async () => {
    try {
      await resetSecondFactor(account.id);
      showToast(tLater().secondFactor.resetDone);
    } catch (error) {
      showToast(explain(error));
    }
  };
  return (
    <FormDialog title={account.name} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.displayName} name="display_name" autoComplete="off" error={problem("display_name")} value={displayName} onInput={setDisplayName} />
          <RoleField roles={roles} error={problem("role")} value={role} onChange={setRole} />
          <TextField label={text.newPassword} name="password" type="password" minLength={12} autoComplete="new-password" hint={text.passwordKeep}
            error={problem("password")} value={password} onInput={setPassword} />
          <Button onClick={() => void reset()}>{tLater().secondFactor.reset}</Button>
          <Checkbox label={text.disable} checked={disabled} onChange={setDisabled} />
        </>
      )}
    </FormDialog>
  );
}
