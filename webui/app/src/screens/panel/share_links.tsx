// Links for people without an account: those of one document, and making one.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { createShareLink, fetchShareLinks, revokeShareLink } from "../../api/share_links";
import type { Document, ShareLink, SharedFiles } from "../../api/types";
import { Banner, Button, Select, TextField } from "../../components/controls";
import { copyText } from "../../components/copy";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { FormDialog } from "../../components/form_dialog";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { mayShare } from "../../state/session";
import { showToast } from "../../state/toasts";

const fileChoices: readonly SharedFiles[] = ["original", "archive", "both"];
const usualDays = 14;

/** Of one document: to be keyed by it. */
export function ShareLinks({ document }: { document: Document }) {
  return mayShare.value && document.medium !== "physical" ? <LinksOf document={document} /> : null;
}

function LinksOf({ document }: { document: Document }) {
  const loaded = useLoaded(() => fetchShareLinks(document.id));
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState("");
  const text = tLater().sharing;
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      <LinkList links={loaded.data ?? []} onChanged={loaded.reload} />
      {document.trashed_at === null && <Button compact icon="link" onClick={() => setMaking(true)}>{text.add}</Button>}
      {making && <NewLink document={document} onClose={() => setMaking(false)} onMade={(path) => { setMade(location.origin + path); void loaded.reload(); }} />}
      {made && (
        <Dialog title={text.made} onClose={() => setMade("")} footer={<Button kind="primary" icon="copy" onClick={() => copyText(made)}>{text.copy}</Button>}>
          <Banner kind="warn">{text.once}</Banner>
          <code class="secret" data-link="">{made}</code>
        </Dialog>
      )}
    </section>
  );
}

export function LinkList({ links, onChanged, titled }: { links: readonly ShareLink[]; onChanged: () => Promise<void>; titled?: boolean }) {
  const [revoking, setRevoking] = useState<ShareLink | null>(null);
  const text = tLater().sharing;
  const revoke = async (link: ShareLink) => {
    try {
      await revokeShareLink(link.id);
    } catch (error) {
      showToast(explain(error));
    }
    await onChanged();
  };
  const nameOf = (link: ShareLink) => link.label || text.unnamed(link.id);
  return (
    <ul class="cards">
      {links.map((link) => (
        <li key={link.id} class="card">
          <div>
            <div class="name">{nameOf(link)} <span class="badge" title={link.state === "closed" ? text.closedHelp : undefined}>{text.states[link.state]}</span></div>
            {titled && <a href={`/?doc=${link.document.id}`}>{link.document.title}</a>}
            <p class="muted small">
              {link.maker.name} · {text.kinds[link.files]}{link.has_password && ` · ${text.withPassword}`} · {text.until} {formatDate(link.expires_at)} · {text.downloads(link.downloads, link.most_downloads)}
            </p>
          </div>
          {(link.state === "open" || link.state === "closed") && (
            <div class="actions"><Button compact aria-label={text.revokeOf(nameOf(link))} onClick={() => setRevoking(link)}>{text.revoke}</Button></div>
          )}
        </li>
      ))}
      {revoking && <ConfirmDialog title={text.revokeTitle} confirm={text.revoke} onClose={() => setRevoking(null)} onConfirm={() => void revoke(revoking)}>{text.revokeHelp}</ConfirmDialog>}
    </ul>
  );
}

function NewLink({ document, onClose, onMade }: { document: Document; onClose: () => void; onMade: (path: string) => void }) {
  const [label, setLabel] = useState("");
  const [files, setFiles] = useState<SharedFiles>("original");
  const [until, setUntil] = useState(() => new Date(Date.now() + usualDays * 86_400_000).toISOString().slice(0, 10));
  const [password, setPassword] = useState("");
  const [most, setMost] = useState("");
  const text = tLater().sharing;
  const save = async () => onMade((await createShareLink(document.id, {
    label, files, expires_at: `${until}T23:59:59Z`, ...(password ? { password } : {}), ...(most ? { most_downloads: Number(most) } : {}),
  })).path);
  return (
    <FormDialog title={text.add} action={text.make} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.label} name="label" autoComplete="off" error={problem("label")} value={label} onInput={setLabel} />
          <Select label={text.files} value={files} options={fileChoices.map((value) => ({ value, label: text.kinds[value] }))}
            onChange={(value) => setFiles(fileChoices.find((one) => one === value) ?? "original")} />
          <TextField label={text.until} name="until" type="date" required error={problem("expires_at")} value={until} onInput={setUntil} />
          <TextField label={text.password} name="password" type="password" autoComplete="new-password" hint={text.passwordHint} error={problem("password")} value={password} onInput={setPassword} />
          <TextField label={text.most} name="most" type="number" min={1} max={10000} hint={text.mostHint} error={problem("most_downloads")} value={most} onInput={setMost} />
        </>
      )}
    </FormDialog>
  );
}
