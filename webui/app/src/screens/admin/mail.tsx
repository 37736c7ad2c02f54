// Mailboxes: what is looked through, and how that goes.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { deleteMailbox, listMailboxes, visitMailbox } from "../../api/mail";
import type { Mailbox } from "../../api/types";
import { Banner, Button, EmptyState } from "../../components/controls";
import { ConfirmDialog } from "../../components/dialog";
import { AsCsv } from "../../components/download";
import { Icon } from "../../components/icon";
import { NoMail } from "../../components/no_mail";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatAgo, formatNumber } from "../../i18n/format";
import { showToast } from "../../state/toasts";
import { FailedMails } from "./failed_mails";
import { MailListenerPart } from "./mail_listener";
import { MailboxDialog } from "./mailbox_dialog";

export function MailTab() {
  const loaded = useLoaded(listMailboxes, true);
  const [editing, setEditing] = useState<Mailbox | "new" | null>(null);
  const [deleting, setDeleting] = useState<Mailbox | null>(null);
  const [showing, setShowing] = useState<Mailbox | null>(null);
  const text = tLater().mail;
  const attempt = async (work: () => Promise<void>, said?: string) => {
    try {
      await work();
      if (said) showToast(said);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  const visit = (mailbox: Mailbox) => attempt(() => visitMailbox(mailbox), text.visitBegins);
  return (
    <>
      <p class="muted">{text.lead}</p>
      <NoMail />
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newMailbox}</Button><AsCsv path="/mailboxes" /></div>
      <Content of={loaded}>
        {(mailboxes) => (mailboxes.length === 0 ? <EmptyState icon="download" title={text.noMailboxes} /> : (
          <ul class="cards">
            {mailboxes.map((mailbox) => (
              <li key={mailbox.id} class="card">
                <span class="muted"><Icon name="download" size={24} /></span>
                <div>
                  <div class="name">{mailbox.name}</div>
                  <p class="muted small">{mailbox.login} · {mailbox.host} · {mailbox.folders.join(", ")}</p>
                  <p class="muted small">{standing(mailbox)}</p>
                </div>
                <div class="actions">
                  {mailbox.enabled && <Button compact icon="retry" aria-label={`${text.visitNow} ${mailbox.name}`} onClick={() => void visit(mailbox)}>{text.visitNow}</Button>}
                  {mailbox.state.failed > 0 && <Button compact icon="quarantine" aria-label={`${text.showFailed} ${mailbox.name}`} onClick={() => setShowing(mailbox)}>{text.showFailed}</Button>}
                  <Button compact icon="edit" aria-label={`${t().common.edit} ${mailbox.name}`} onClick={() => setEditing(mailbox)}>{t().common.edit}</Button>
                  <Button compact icon="trash" aria-label={`${tLater().admin.delete} ${mailbox.name}`} onClick={() => setDeleting(mailbox)}>{tLater().admin.delete}</Button>
                </div>
                {mailbox.state.problem !== null && <div class="wide"><Banner kind="warn">{mailbox.state.problem}</Banner></div>}
              </li>
            ))}
          </ul>
        ))}
      </Content>
      <MailListenerPart />
      {editing !== null && <MailboxDialog mailbox={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
      {showing && <FailedMails mailbox={showing.id} name={showing.name} onClose={() => { setShowing(null); void loaded.reload(); }} onRetry={showing.enabled ? () => { void visit(showing); setShowing(null); } : null} />}
      {deleting && (
        <ConfirmDialog title={text.deleteMailbox} confirm={tLater().admin.delete} onClose={() => setDeleting(null)} onConfirm={() => void attempt(() => deleteMailbox(deleting))}>
          {text.deleteHelp}
        </ConfirmDialog>
      )}
    </>
  );
}

function standing({ enabled, state }: Mailbox): string {
  const text = tLater().mail;
  return [
    ...(enabled ? [] : [text.off]),
    state.visited_at === null ? text.never : text.visited(formatAgo(state.visited_at)),
    text.taken(formatNumber(state.taken)),
    ...(state.failed > 0 ? [text.failed(formatNumber(state.failed))] : []),
  ].join(" · ");
}
