// What the document's file was, and a new one for it: who makes that, what versions are called. For a document on paper:
// its scan.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import type { Document, DocumentVersion } from "../../api/types";
import { addVersion, checkOut, endCheckOut, fetchVersions, labelVersion, restoreVersion, unlabelVersion } from "../../api/versions";
import { Banner, Button, Checkbox, Chip, Field, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatSize, formatTime } from "../../i18n/format";
import { loadDocument } from "../../state/document";
import { mayEdit, mayOperate, session } from "../../state/session";
import { showToast } from "../../state/toasts";

type Doing = { what: "add" } | { what: "check-out" } | { what: "label"; number: number };

export function Versions({ document }: { document: Document }) {
  const versions = useLoaded(() => fetchVersions(document.id));
  const [doing, setDoing] = useState<Doing | null>(null);
  const text = t().versions;
  const open = mayEdit.value && document.may_change && !document.is_record && !document.on_hold && !document.trashed_at;
  const others = document.checked_out !== null && document.checked_out.by.id !== session.value?.account.id;
  const changed = async () => {
    await versions.reload();
    await loadDocument(document.id);
  };
  const attempt = async (change: () => Promise<void>, done: string, undo?: () => Promise<void>) => {
    try {
      await change();
      showToast(done, undo && (() => undo().finally(changed)));
    } catch (error) {
      showToast(explain(error));
    }
    await changed();
  };
  const close = () => setDoing(null);
  return (
    <>
      <h2 class="section-title">{text.title}</h2>
      {document.checked_out && (
        <CheckedOut by={document.checked_out} onEnd={() => void attempt(() => endCheckOut(document.id), tLater().versions.givenBack)} />
      )}
      <Content of={versions}>
        {(all) => (
          <ol class="plain-list stack" reversed>
            {all.map((one, at) => (
              <Version key={one.number} document={document.id} one={one} current={at === 0} comparable={one.file !== null && all[at + 1]?.file !== null && at + 1 < all.length}
                {...(open ? {
                  onLabel: () => setDoing({ what: "label", number: one.number }),
                  onUnlabel: ({ id, label }) => void attempt(() => unlabelVersion(document.id, id), tLater().versions.labelRemoved, () => labelVersion(document.id, one.number, label)),
                } : {})}
                {...(open && !others && at > 0 && one.file && one.file.sha256 !== document.sha256 ? {
                  onRestore: () => void attempt(() => restoreVersion(document, one.number), tLater().versions.madeCurrent(one.number)),
                } : {})} />
            ))}
          </ol>
        )}
      </Content>
      {open && !others && (
        <div class="actions">
          <Button icon="upload" onClick={() => setDoing({ what: "add" })}>{document.medium === "physical" ? text.addScan : text.add}</Button>
          {!document.checked_out && <Button icon="lock" onClick={() => setDoing({ what: "check-out" })}>{tLater().versions.checkOut}</Button>}
        </div>
      )}
      {doing?.what === "add" && <NewVersion document={document} onClose={close} onSaved={changed} />}
      {doing?.what === "check-out" && <CheckOutDialog document={document.id} onClose={close} onSaved={changed} />}
      {doing?.what === "label" && <LabelDialog document={document.id} number={doing.number} onClose={close} onSaved={changed} />}
    </>
  );
}

function CheckedOut({ by: { by, since, comment }, onEnd }: { by: NonNullable<Document["checked_out"]>; onEnd: () => void }) {
  const text = tLater().versions;
  const own = by.id === session.value?.account.id;
  return (
    <Banner icon="lock" kind={own ? undefined : "warn"}>
      <div>{own ? text.checkedOutByYou(formatTime(since)) : text.checkedOut(by.name, formatTime(since))}</div>
      {comment && <div>{comment}</div>}
      {(own || mayOperate.value) && <Button compact onClick={onEnd}>{own ? text.giveBack : text.breakOff}</Button>}
    </Banner>
  );
}

function Version({ document, one, current, comparable, onLabel, onUnlabel, onRestore }: {
  document: number;
  one: DocumentVersion;
  current: boolean;
  comparable: boolean; // there is one before it that has a file too
  onLabel?: () => void;
  onUnlabel?: (label: DocumentVersion["labels"][number]) => void;
  onRestore?: () => void;
}) {
  const text = t().versions;
  const more = tLater().versions;
  return (
    <li>
      <div class="version">
        <strong>{text.number(one.number)}</strong> {current && <span class="badge">{text.current}</span>}
        {one.labels.map((label) => (onUnlabel
          ? <Chip key={label.id} removeLabel={more.removeLabel(label.label)} onRemove={() => onUnlabel(label)}>{label.label}</Chip>
          : <span key={label.id} class="badge">{label.label}</span>))}
        <div class="muted small">{formatTime(one.created_at)}{one.created_by && ` · ${one.created_by.name}`}{one.restored_from !== null && ` · ${more.restoredFrom(one.restored_from)}`}</div>
        {one.comment && <div>{one.comment}</div>}
        {one.file
          ? <a href={`/api/v1/documents/${document}/versions/${one.number}/original`} download aria-label={`${text.download(one.number)}: ${one.file.filename} · ${formatSize(one.file.size)}`}><Icon name="download" size={16} />{one.file.filename} · {formatSize(one.file.size)}</a>
          : <div class="muted">{text.onPaper}</div>}
        <div class="actions">
          {comparable && <a class="button compact" href={`/compare?doc=${document}&to=${one.number}`} aria-label={more.compareOf(one.number)}>{more.compare}</a>}
          {onRestore && <Button compact aria-label={more.makeCurrentOf(one.number)} onClick={onRestore}>{more.makeCurrent}</Button>}
          {onLabel && <Button compact aria-label={more.addLabelTo(one.number)} onClick={onLabel}>{more.addLabel}</Button>}
        </div>
      </div>
    </li>
  );
}

function NewVersion({ document, onClose, onSaved }: { document: Document; onClose: () => void; onSaved: () => Promise<void> }) {
  const [file, setFile] = useState<File | null>(null);
  const [comment, setComment] = useState("");
  const [keep, setKeep] = useState(false);
  const text = t().versions;
  const save = async () => {
    if (!file) return;
    await addVersion(document, file, comment.trim(), keep);
    await onSaved();
  };
  return (
    <FormDialog title={document.medium === "physical" ? text.addScan : text.add} action={text.save} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Banner>{text.help}</Banner>
          <Field label={text.file} error={problem("file")}>
            {(control) => <input {...control} class="input" type="file" required onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />}
          </Field>
          <TextField label={text.comment} name="comment" error={problem("comment")} value={comment} onInput={setComment} />
          {document.checked_out && <Checkbox label={tLater().versions.keep} checked={keep} onChange={setKeep} />}
        </>
      )}
    </FormDialog>
  );
}

function CheckOutDialog({ document, onClose, onSaved }: { document: number; onClose: () => void; onSaved: () => Promise<void> }) {
  const [comment, setComment] = useState("");
  const text = tLater().versions;
  const save = async () => {
    await checkOut(document, comment.trim());
    await onSaved();
  };
  return (
    <FormDialog title={text.checkOut} action={text.checkOut} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Banner>{text.checkOutHelp}</Banner>
          <TextField label={text.checkOutFor} name="comment" error={problem("comment")} value={comment} onInput={setComment} />
        </>
      )}
    </FormDialog>
  );
}

function LabelDialog({ document, number, onClose, onSaved }: { document: number; number: number; onClose: () => void; onSaved: () => Promise<void> }) {
  const [label, setLabel] = useState("");
  const text = tLater().versions;
  const save = async () => {
    await labelVersion(document, number, label.trim());
    await onSaved();
  };
  return (
    <FormDialog title={text.addLabelTo(number)} onClose={onClose} onSave={save}>
      {(problem) => <TextField label={text.label} name="label" required hint={text.labelHint} error={problem("label")} value={label} onInput={setLabel} />}
    </FormDialog>
  );
}
