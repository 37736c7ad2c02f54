// Closing a folder whose documents are not all declared: which these are, and declaring them first.
import { beginDeclaringIn, bulkDone } from "../../api/bulk";
import { undeclaredIn } from "../../api/document_query";
import { countUndeclaredIn } from "../../api/documents";
import { changeFolder } from "../../api/file_plan";
import type { Folder } from "../../api/types";
import { Button } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { mayDeclare } from "../../state/session";

/** Declares what can be declared, then closes; what cannot is the reason why it stays open. */
async function declareAndClose(folder: Folder): Promise<void> {
  await bulkDone(await beginDeclaringIn(folder.id));
  await changeFolder(folder, { status: "closed" });
}

export function UndeclaredDialog({ folder, onClose, onClosed }: { folder: Folder; onClose: () => void; onClosed: () => Promise<void> }) {
  const count = useLoaded(() => countUndeclaredIn(folder.id));
  const address = new URLSearchParams(undeclaredIn(folder.id));
  const text = tLater().plan;
  const title = `${tLater().records.closeFolder}: ${folder.title}`;
  const told = <Content of={count}>{(n) => (n === 0 ? <p>{text.undeclaredUnseen}</p> : <p>{text.undeclared} <a href={`/?${address.toString()}`}>{text.undeclaredCount(n, formatNumber(n))}</a></p>)}</Content>;
  if (!mayDeclare.value || !count.data) {
    return <Dialog title={title} onClose={onClose} footer={<Button onClick={onClose}>{t().common.close}</Button>}>{told}</Dialog>;
  }
  return (
    <FormDialog title={title} action={text.declareAndClose} onClose={onClose} onSave={async () => { await declareAndClose(folder); await onClosed(); }}>
      {() => told}
    </FormDialog>
  );
}
