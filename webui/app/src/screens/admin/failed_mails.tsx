// Mails of a mailbox that could not be taken in: which, why, and what is to become of each.
import { explain } from "../../api/client";
import { leaveFailedMail, listFailedMails, retryFailedMail } from "../../api/mail";
import type { FailedMail } from "../../api/types";
import { Button } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate, formatTime } from "../../i18n/format";
import { showToast } from "../../state/toasts";

/** `onRetry`: all of them; none while the mailbox is switched off. */
export function FailedMails({ mailbox, name, onClose, onRetry }: { mailbox: number; name: string; onClose: () => void; onRetry: (() => void) | null }) {
  const loaded = useLoaded(() => listFailedMails(mailbox), true);
  const text = tLater().mail;
  const decide = async (decision: (mailbox: number, mail: FailedMail) => Promise<void>, mail: FailedMail, said: string) => {
    try {
      await decision(mailbox, mail);
      showToast(said);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <Dialog title={text.failedTitle(name)} onClose={onClose} footer={
      <>
        <Button onClick={onClose}>{t().common.close}</Button>
        {onRetry && loaded.data !== null && loaded.data.length > 0 && <Button kind="primary" icon="retry" onClick={onRetry}>{text.tryAllAgain}</Button>}
      </>
    }>
      <Content of={loaded}>
        {(mails) => (mails.length === 0 ? <p>{text.noneFailed}</p> : (
          <ul class="cards">
            {mails.map((mail) => {
              const called = mail.subject || text.failedMail(mail.folder, mail.uid);
              return (
                <li key={`${mail.folder} ${mail.uid_validity} ${mail.uid}`}>
                  <div><strong>{called}</strong></div>
                  <p class="muted small">{[mail.sender, ...(mail.written === null ? [] : [formatDate(mail.written)]), mail.folder].filter(Boolean).join(" · ")}</p>
                  <p>{mail.problem}</p>
                  <p class="muted small">
                    {[formatTime(mail.at), text.attempts(mail.attempts), mail.retry_after === null ? text.retryByHand : text.retryAt(formatTime(mail.retry_after))].join(" · ")}
                  </p>
                  <div class="button-row">
                    {onRetry && <Button compact icon="retry" aria-label={`${text.tryAgain}: ${called}`} onClick={() => void decide(retryFailedMail, mail, text.visitBegins)}>{text.tryAgain}</Button>}
                    <Button compact aria-label={`${text.leave}: ${called}`} title={text.leaveHelp} onClick={() => void decide(leaveFailedMail, mail, text.left)}>{text.leave}</Button>
                  </div>
                </li>
              );
            })}
          </ul>
        ))}
      </Content>
    </Dialog>
  );
}
