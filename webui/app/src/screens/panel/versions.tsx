// What the document's file was, and a new one for it. For a document on paper: its scan.
import { useState } from "preact/hooks";
import type { Document, DocumentVersion } from "../../api/types";
import { addVersion, fetchVersions } from "../../api/versions";
import { Banner, Button, Field, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t } from "../../i18n";
import { formatSize, formatTime } from "../../i18n/format";
import { loadDocument } from "../../state/document";

export function Versions({ document }: { document: Document }) {
  const versions = useLoaded(() => fetchVersions(document.id));
  const [adding, setAdding] = useState(false);
  const text = t().versions;
  const may = document.may_change && !document.is_record && !document.on_hold && !document.trashed_at;
  const added = async () => {
    await versions.reload();
    await loadDocument(document.id);
  };
  return (
    <>
      <h3>{text.title}</h3>
      <Content of={versions}>
        {(all) => <ol class="plain-list stack" reversed>{all.map((one, at) => <Version key={one.number} document={document.id} one={one} current={at === 0} />)}</ol>}
      </Content>
      {may && <div><Button icon="upload" onClick={() => setAdding(true)}>{document.medium === "physical" ? text.addScan : text.add}</Button></div>}
      {adding && <NewVersion document={document} onClose={() => setAdding(false)} onSaved={added} />}
    </>
  );
}

function Version({ document, one, current }: { document: number; one: DocumentVersion; current: boolean }) {
  const text = t().versions;
  return (
    <li>
      <strong>{text.number(one.number)}</strong> {current && <span class="badge">{text.current}</span>}
      <div class="muted small">{formatTime(one.created_at)}{one.created_by && ` · ${one.created_by.name}`}</div>
      {one.comment && <div>{one.comment}</div>}
      {one.file
        ? <a href={`/api/v1/documents/${document}/versions/${one.number}/original`} download aria-label={text.download(one.number)}><Icon name="download" size={16} />{one.file.filename} · {formatSize(one.file.size)}</a>
        : <div class="muted">{text.onPaper}</div>}
    </li>
  );
}

function NewVersion({ document, onClose, onSaved }: { document: Document; onClose: () => void; onSaved: () => Promise<void> }) {
  const [file, setFile] = useState<File | null>(null);
  const [comment, setComment] = useState("");
  const text = t().versions;
  const save = async () => {
    if (!file) return;
    await addVersion(document, file, comment.trim());
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
        </>
      )}
    </FormDialog>
  );
}
