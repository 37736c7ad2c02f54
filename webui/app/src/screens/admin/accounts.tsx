import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { resetSecondFactor } from "../../api/second_factor";
import { changeAccount, createAccount, fetchMailAddress, listAccounts, setMailAddress, setPassword as setAccountPassword } from "../../api/admin";
import type { Account, Role } from "../../api/types";
import { Button, Checkbox, Select, TextField } from "../../components/controls";
import { PartsList, useFoundParts } from "../../components/parts_list";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { FormDialog } from "../../components/form_dialog";
import { showToast } from "../../state/toasts";
import { RestoredAccess } from "./restored_access";

const roles: Role[] = ["reader", "staff", "records-manager", "admin"];

export function Accounts() {
  const accounts = useFoundParts(listAccounts);
  const [editing, setEditing] = useState<Account | "new" | null>(null);
  const text = tLater().admin;
  return (
    <>
      <RestoredAccess onDecided={accounts.reload} />
      <div><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newAccount}</Button></div>
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
                    <td>{text.roles[account.role]}</td>
                    <td class="nowrap">{formatDate(account.created_at)}</td>
                    <td><div class="actions"><Button compact icon="edit" aria-label={`${t().common.edit} ${account.name}`} onClick={() => setEditing(account)}>{t().common.edit}</Button></div></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </PartsList>
      {editing === "new" && <NewAccount onClose={() => setEditing(null)} onSaved={accounts.reload} />}
      {editing !== null && editing !== "new" && <EditAccount key={editing.id} account={editing} onClose={() => setEditing(null)} onSaved={accounts.reload} />}
    </>
  );
}

function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const text = tLater().admin;
  return (
    <div class="field">
      <Select label={text.role} value={value} onChange={(role) => onChange(role as Role)} options={roles.map((role) => ({ value: role, label: text.roles[role] }))} />
      <div class="hint">{text.roleHints[value]}</div>
    </div>
  );
}

function NewAccount({ onClose, onSaved }: { onClose: () => void; onSaved: () => Promise<void> }) {
  const [account, setAccount] = useState({ name: "", display_name: "", role: "staff" as Role, password: "" });
  const text = tLater().admin;
  return (
    <FormDialog title={text.newAccount} onClose={onClose} onSave={async () => { await createAccount(account); await onSaved(); }}>
      {(problem) => (
        <>
          <TextField label={text.userName} name="name" required autoCapitalize="none" autoComplete="off" error={problem("name")} value={account.name}
            onInput={(name) => setAccount({ ...account, name })} />
          <TextField label={text.displayName} name="display_name" autoComplete="off" error={problem("display_name")} value={account.display_name}
            onInput={(display_name) => setAccount({ ...account, display_name })} />
          <RoleField value={account.role} onChange={(role) => setAccount({ ...account, role })} />
          <TextField label={text.password} name="password" type="password" required minLength={12} autoComplete="new-password" hint={text.passwordHint}
            error={problem("password")} value={account.password} onInput={(password) => setAccount({ ...account, password })} />
        </>
      )}
    </FormDialog>
  );
}

type Editing = { account: Account; onClose: () => void; onSaved: () => Promise<void> };

function EditAccount(props: Editing) {
  const address = useLoaded(() => fetchMailAddress(props.account.id));
  return <Content of={address}>{(known) => <AccountForm {...props} knownAddress={known} />}</Content>;
}

function AccountForm({ account, knownAddress, onClose, onSaved }: Editing & { knownAddress: string }) {
  const [address, setAddress] = useState(knownAddress);
  const [displayName, setDisplayName] = useState(account.display_name);
  const [role, setRole] = useState<Role>(account.role);
  const [disabled, setDisabled] = useState(account.disabled);
  const [password, setPassword] = useState("");
  const text = tLater().admin;
  const save = async () => {
    const change = {
      ...(displayName !== account.display_name ? { display_name: displayName } : {}),
      ...(role !== account.role ? { role } : {}),
      ...(disabled !== account.disabled || account.suspended ? { disabled } : {}),
    };
    if (Object.keys(change).length > 0) await changeAccount(account, change);
    if (address !== knownAddress) await setMailAddress(account.id, address);
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
          <RoleField value={role} onChange={setRole} />
          <TextField label={text.newPassword} name="password" type="password" minLength={12} autoComplete="new-password" hint={text.passwordKeep}
            error={problem("password")} value={password} onInput={setPassword} />
          <Button onClick={() => void reset()}>{tLater().secondFactor.reset}</Button>
          <Checkbox label={text.disable} checked={disabled} onChange={setDisabled} />
        </>
      )}
    </FormDialog>
  );
}
