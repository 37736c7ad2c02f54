// Where mail for oneself goes, and whether notifications do.
import { useState } from "preact/hooks";
import { chooseMail, fetchOwnMail } from "../../api/notifications";
import type { OwnMail } from "../../api/types";
import { Checkbox, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { NoMail } from "../../components/no_mail";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";

export function MailDialog({ onClose }: { onClose: () => void }) {
  const mail = useLoaded(fetchOwnMail);
  return <Content of={mail}>{(own) => <MailForm mail={own} onClose={onClose} />}</Content>;
}

function MailForm({ mail, onClose }: { mail: OwnMail; onClose: () => void }) {
  const [address, setAddress] = useState(mail.address);
  const [notified, setNotified] = useState(mail.notified);
  const text = tLater().notifications;
  return (
    <FormDialog title={text.byMail} onClose={onClose} onSave={() => chooseMail({ address, notified })}>
      {(problem) => (
        <>
          <TextField label={text.mailAddress} name="address" autoCapitalize="none" autoComplete="email"
            error={problem("address") ?? problem("notified")} value={address} onInput={setAddress} />
          <Checkbox label={text.mailMe} checked={notified} onChange={setNotified} />
          <p class="muted small">{text.mailHelp}</p>
          <NoMail />
        </>
      )}
    </FormDialog>
  );
}
