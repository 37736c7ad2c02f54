// Packages of other archives: taken in, with the receipt for whoever sent them.
import { useState } from "preact/hooks";
import { fetchImportReceipt, importsFrom, takeIn } from "../../api/transfers";
import type { Import, TransferReceipt } from "../../api/types";
import { Banner, Button, EmptyState, Field } from "../../components/controls";
import { AsCsv, Download } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater, t } from "../../i18n";
import { formatDate, formatNumber, formatSize, formatTime } from "../../i18n/format";
import { navigate } from "../../router";
import { mayCapture } from "../../state/session";
import { TableHead, TableRegion } from "./parts";

const home = "/records/packages";

export function Packages() {
  const imports = useParts(importsFrom, "");
  const [taking, setTaking] = useState(false);
  const text = tLater().records;
  return (
    <>
      <div class="button-row">
        <h2 class="grow">{text.imports}</h2>
        <AsCsv path="/imports" />
        {mayCapture.value && <Button kind="primary" icon="upload" onClick={() => setTaking(true)}>{text.takeIn}</Button>}
      </div>
      <MoreParts of={imports}>
        {(all) => (all.length === 0 ? <EmptyState icon="records" title={text.noImports}>{text.importsHelp}</EmptyState> : <ImportTable imports={all} />)}
      </MoreParts>
      {taking && <TakeInDialog onClose={() => setTaking(false)} />}
    </>
  );
}

function ImportTable({ imports }: { imports: readonly Import[] }) {
  const text = tLater().records;
  return (
    <TableRegion label={text.imports}>
      <TableHead columns={[text.package, text.takenInAt, "SHA-256"]} />
      <tbody>
        {imports.map((one) => (
          <tr key={one.id}>
            <td><a href={`${home}/${one.id}`}>{one.package}</a></td>
            <td class="nowrap">{formatTime(one.imported_at)}{one.imported_by && ` · ${one.imported_by.name}`}</td>
            <td class="hash">{one.sha256}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

function TakeInDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const text = tLater().records;
  const save = async () => {
    if (file) navigate(`${home}/${(await takeIn(file)).id}`);
  };
  return (
    <FormDialog title={text.takeIn} action={text.takeIn} onClose={onClose} onSave={save}>
      {() => (
        <>
          <div class="muted">{text.takeInHelp}</div>
          <Field label={text.packageFile}>
            {(control) => <input {...control} class="input" type="file" required accept=".zip,application/zip" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />}
          </Field>
        </>
      )}
    </FormDialog>
  );
}

/** One package that was taken in: its receipt, and what became of each document. */
export function ImportPage({ id }: { id: number }) {
  const receipt = useLoaded(() => fetchImportReceipt(id));
  const text = tLater().records;
  return (
    <>
      <a href={home}>← {text.imports}</a>
      <Content of={receipt}>
        {(stated) => (
          <>
            <h2>{stated.package.id}</h2>
            <Banner icon="check">{text.allTakenIn} {t().common.documents(stated.documents?.length ?? 0, formatNumber(stated.documents?.length ?? 0))}.</Banner>
            <Statement receipt={stated} />
            <div class="button-row"><Download path={`/imports/${id}/receipt`}>{text.fetchReceipt}</Download><span class="muted">{text.fetchReceiptHelp}</span></div>
            <CameIn documents={stated.documents ?? []} />
          </>
        )}
      </Content>
    </>
  );
}

function Statement({ receipt }: { receipt: TransferReceipt }) {
  const text = tLater().records;
  const { sha256, size } = receipt.package;
  return (
    <dl class="facts">
      <dt>{text.receipt}</dt>
      <dd>{receipt.received_by ? text.receivedBy(receipt.received_by, formatDate(receipt.received_at)) : formatTime(receipt.received_at)}<div class="muted small">{text.filesCompared(formatNumber(receipt.files.length))}{size !== undefined && ` · ${formatSize(size)}`}</div></dd>
      {sha256 !== null && <><dt>SHA-256</dt><dd class="hash">{sha256}</dd></>}
    </dl>
  );
}

function CameIn({ documents }: { documents: NonNullable<TransferReceipt["documents"]> }) {
  const text = tLater().records;
  return (
    <TableRegion label={text.cameIn}>
      <TableHead columns={[text.document, text.sourceNumber, text.outcome, text.placeHere]} />
      <tbody>
        {documents.map(({ id, path, source_id: source, outcome, filed, shortened }) => (
          <tr key={path}>
            <td>{id !== undefined && <a href={`/?doc=${id}`}>{text.documentNumber(id)}</a>}<div class="muted small">{path}</div></td>
            <td>{source}</td>
            <td>{outcome === "duplicate" ? text.wasHere : text.cameInAnew}</td>
            <td>{outcome === "duplicate" ? "" : filed ? text.filedHere : text.inInbox}{shortened && shortened.length > 0 && <div class="muted small">{text.shortened(shortened.map((part) => text.shortenedParts[part]).join(", "))}</div>}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}
