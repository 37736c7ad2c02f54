// What a transfer handed over: its package, the receipt that lets the records go, or keeping them after all.
import { useState } from "preact/hooks";
import { cancelTransfer, fetchTransfer, recordReceipt, type ReceiptStatement } from "../../api/disposition";
import type { Batch, Transfer } from "../../api/types";
import { Banner, Button, Field, TextField } from "../../components/controls";
import { Download } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatDate, formatNumber, formatSize, formatTime } from "../../i18n/format";
import { mayPropose } from "../../state/session";
import { Area, ReasonDialog } from "./parts";

export function TransferSection({ batch, onChanged }: { batch: Batch; onChanged: () => Promise<void> }) {
  const transfer = useLoaded(() => fetchTransfer(batch.id), true);
  const [doing, setDoing] = useState<"receipt" | "cancel" | null>(null);
  const text = tLater().records;
  const done = () => setDoing(null);
  const after = async (action: Promise<void>) => {
    await action;
    await transfer.reload();
    await onChanged();
  };
  return (
    <section class="stack">
      <h3>{text.handingOver}</h3>
      <Content of={transfer}>
        {({ package: made, receipt }) => (made === null ? <p class="muted">{text.noPackage}</p> : (
          <>
            {!receipt && !made.removed_at && <Banner>{text.waitsForReceipt}</Banner>}
            <Facts made={made} receipt={receipt} />
            <div class="button-row">
              {!made.removed_at && mayPropose.value && <Download path={`/dispositions/${batch.id}/package`}>{text.fetchPackage}</Download>}
              {!receipt && !made.removed_at && mayPropose.value && (
                <>
                  <Button kind="primary" icon="check" onClick={() => setDoing("receipt")}>{text.recordReceipt}</Button>
                  <Button onClick={() => setDoing("cancel")}>{text.cancelTransfer}</Button>
                </>
              )}
            </div>
            {doing === "receipt" && <ReceiptDialog help={batch.copy_schedule ? text.recordCopyReceiptHelp : text.recordReceiptHelp} onClose={done} onSave={(statement) => after(recordReceipt(batch, statement))} />}
            {doing === "cancel" && (
              <ReasonDialog title={text.cancelTransfer} help={text.cancelTransferHelp} action={text.cancelTransfer} onClose={done}
                onSave={(reason) => after(cancelTransfer(batch, reason))} />
            )}
          </>
        ))}
      </Content>
    </section>
  );
}

function Facts({ made, receipt }: { made: NonNullable<Transfer["package"]>; receipt: Transfer["receipt"] }) {
  const text = tLater().records;
  return (
    <dl class="facts">
      <dt>{text.package}</dt><dd>{made.id}<div class="muted small">{formatSize(made.size)} · {text.filesCount(made.files, formatNumber(made.files))} · {formatTime(made.made_at)}</div></dd>
      <dt>SHA-256</dt><dd class="hash">{made.sha256}</dd>
      {made.removed_at && <><dt>{text.packageRemoved}</dt><dd>{formatTime(made.removed_at)}</dd></>}
      {receipt && (
        <>
          <dt>{text.receipt}</dt>
          <dd>
            {text.receivedBy(receipt.received_by, formatDate(receipt.received_on))}
            <div class="muted small">{receipt.files_compared > 0 ? text.filesCompared(formatNumber(receipt.files_compared)) : text.byHand} · {formatTime(receipt.recorded_at)}{receipt.recorded_by && ` · ${receipt.recorded_by.name}`}</div>
            {receipt.note && <div class="small">{receipt.note}</div>}
            {receipt.document !== null && <a href={`/?doc=${receipt.document}`}>{text.receiptDocument}</a>}
          </dd>
        </>
      )}
    </dl>
  );
}

/** The receipt as a file that the archive's program made, or the SHA-256 as the archive states it. */
function ReceiptDialog({ help, onSave, onClose }: { help: string; onSave: (statement: ReceiptStatement) => Promise<void>; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [hash, setHash] = useState("");
  const [receiver, setReceiver] = useState("");
  const [note, setNote] = useState("");
  const text = tLater().records;
  const save = async () => {
    const beside = { ...(receiver.trim() && { received_by: receiver.trim() }), ...(note.trim() && { note: note.trim() }) };
    await onSave(file ? { ...beside, receipt: JSON.parse(await file.text()) } : { ...beside, package_sha256: hash.trim() });
  };
  return (
    <FormDialog wide title={text.recordReceipt} action={text.recordReceipt} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <div class="muted">{help}</div>
          <Field label={text.receiptFile} hint={text.receiptFileHint} error={problem("receipt")}>
            {(control) => <input {...control} class="input" type="file" accept=".json,application/json" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />}
          </Field>
          {file === null && (
            <TextField label={text.statedHash} name="package_sha256" required pattern="[0-9a-fA-F]{64}" autoComplete="off" error={problem("package_sha256")} value={hash} onInput={setHash} />
          )}
          <TextField label={text.receiver} name="received_by" required={file === null} error={problem("received_by")} value={receiver} onInput={setReceiver} />
          <Area label={text.receiptNote} name="note" required={file === null} error={problem("note")} value={note} onInput={setNote} />
        </>
      )}
    </FormDialog>
  );
}
