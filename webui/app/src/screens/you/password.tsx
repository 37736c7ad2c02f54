import { useState } from "preact/hooks";
import { changeOwnPassword } from "../../api/session";
import { TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { adoptSession } from "../../state/session";
import { showToast } from "../../state/toasts";

/** Changes one's own password, which ends every other session. `name`: for what keeps passwords in the browser. */
export function PasswordDialog({ name, onClose, onChanged }: { name: string; onClose: () => void; onChanged: () => void }) {
  const [present, setPresent] = useState("");
  const [chosen, setChosen] = useState("");
  const [again, setAgain] = useState("");
  const text = tLater().you;
  const save = async () => {
    adoptSession(await changeOwnPassword(present, chosen));
    showToast(text.passwordChanged);
    onChanged();
  };
  return (
    <FormDialog title={text.changePassword} action={text.changePassword} onClose={onClose} onSave={save} unready={chosen !== again}>
      {(problem) => (
        <>
          <input class="visually-hidden" name="username" autoComplete="username" readOnly tabIndex={-1} aria-hidden="true" value={name} />
          <TextField label={text.presentPassword} name="current_password" type="password" autoComplete="current-password" required
            error={problem("current_password")} value={present} onInput={setPresent} />
          <TextField label={text.newPassword} name="password" type="password" autoComplete="new-password" required minLength={12}
            hint={text.newPasswordHint} error={problem("password")} value={chosen} onInput={setChosen} />
          <TextField label={text.repeat} name="repeat" type="password" autoComplete="new-password" required
            error={again !== "" && !chosen.startsWith(again) ? text.mismatch : undefined} value={again} onInput={setAgain} />
        </>
      )}
    </FormDialog>
  );
}
