import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { resetSecondFactor } from "../../api/second_factor";
import { changeAccount, createAccount, fetchMailAddress, listAccounts, listRoles, setMailAddress, setPassword as setAccountPassword } from "../../api/admin";
import type { Account, Role } from "../../api/types";
import { Button, Checkbox, Select, TextField } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { LevelField } from "../../components/level_field";
import { foundPath, PartsList, useFoundParts } from "../../components/parts_list";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { FormDialog } from "../../components/form_dialog";
import { showToast } from "../../state/toasts";
import { RestoredAccess } from "./restored_access";
import { roleHint, roleLabel } from "./roles";

export function Accounts() {
  const accounts = useFoundParts(listAccounts);
  const known = useLoaded(listRoles);
  const [editing, setEditing] = useState<Account | "new" | null>(null);
  const text = tLater().admin;
  return (
    <>
      <RestoredAccess onDecided={accounts.reload} />
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newAccount}</Button><AsCsv path={foundPath("/accounts", accounts)} /></div>
      <PartsList of={accounts}>
        {(all) => (
          <div class="table-wrap" tabIndex={0} role="region" aria-label={text.accounts}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{text.displayName}</th><th scope="col">{text.userName}</th><th scope="col">{text.role}</th>
                  <th scope="col">{text.created}</th><th scope="col"><span class="visually-hidden">{t().common.edit}</span></th>
                </tr>
              </thead>
              <tbody>
                {all.map((account) => (
                  <tr key={account.id}>
                    <td>{account.display_name} {account.disabled && <span class="badge danger">{account.suspended ? tLater().restored.suspended : text.disabled}</span>}</td>
                    <td>{account.name}</td>
                    <td>{roleLabel(account.role)} {account.clearance.number > 0 && <span class="badge">{account.clearance.name}</span>}</td>
                    <td class="nowrap">{formatDate(account.created_at)}</td>
                    <td><div class="actions"><Button compact icon="edit" aria-label={`${t().common.edit} ${account.name}`} onClick={() => setEditing(account)}>{t().common.edit}</Button></div></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </PartsList>
      {editing !== null && (
        <Content of={known}>
          {(roles) => editing === "new"
            ? <NewAccount roles={roles} onClose={() => setEditing(null)} onSaved={accounts.reload} />
            : <EditAccount key={editing.id} account={editing} roles={roles} onClose={() => setEditing(null)} onSaved={accounts.reload} />}
        </Content>
      )}
    </>
  );
}

function RoleField({ roles, value, onChange, error }: { roles: readonly Role[]; value: string; onChange: (role: string) => void; error: string | undefined }) {
  const chosen = roles.find(({ name }) => name === value);
  return (
    <div class="field">
      <Select label={tLater().admin.role} value={value} onChange={onChange} options={roles.map(({ name }) => ({ value: name, label: roleLabel(name) }))} />
      <div class="hint">{chosen && roleHint(chosen)}</div>
      {error && <div class="error" role="alert">{error}</div>}
    </div>
  );
}

function NewAccount({ roles, onClose, onSaved }: { roles: readonly Role[]; onClose: () => void; onSaved: () => Promise<void> }) {
  const [account, setAccount] = useState({ name: "", display_name: "", role: "staff", password: "" });
  const text = tLater().admin;
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

interface Editing {
  account: Account;
  roles: readonly Role[];
  onClose: () => void;
  onSaved: () => Promise<void>;
}

function EditAccount(props: Editing) {
  const address = useLoaded(() => fetchMailAddress(props.account.id));
  return <Content of={address}>{(known) => <AccountForm {...props} knownAddress={known} />}</Content>;
}

function AccountForm({ account, roles, knownAddress, onClose, onSaved }: Editing & { knownAddress: string }) {
  const [address, setAddress] = useState(knownAddress);
  const [displayName, setDisplayName] = useState(account.display_name);
  const [role, setRole] = useState(account.role);
  const [clearance, setClearance] = useState(account.clearance.number);
  const [disabled, setDisabled] = useState(account.disabled);
  const [password, setPassword] = useState("");
  const text = tLater().admin;
  const save = async () => {
    const change = {
      ...(displayName !== account.display_name ? { display_name: displayName } : {}),
      ...(role !== account.role ? { role } : {}),
      ...(clearance !== account.clearance.number ? { clearance } : {}),
      ...(disabled !== account.disabled || account.suspended ? { disabled } : {}),
    };
    if (address !== knownAddress) await setMailAddress(account.id, address); // first: it leaves the account's version as it is
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
          <TextField label={tLater().notifications.mailAddress} name="address" autoCapitalize="none" autoComplete="off" error={problem("address")} value={address} onInput={setAddress} />
          <RoleField roles={roles} error={problem("role")} value={role} onChange={setRole} />
          <LevelField label={tLater().levels.clearance} hint={tLater().levels.clearanceHint} error={problem("clearance")} value={clearance} onChange={setClearance} />
          <TextField label={text.newPassword} name="password" type="password" minLength={12} autoComplete="new-password" hint={text.passwordKeep}
            error={problem("password")} value={password} onInput={setPassword} />
          <Button onClick={() => void reset()}>{tLater().secondFactor.reset}</Button>
          <Checkbox label={text.disable} checked={disabled} onChange={setDisabled} />
        </>
      )}
    </FormDialog>
  );
}
