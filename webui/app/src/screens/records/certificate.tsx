// What a batch did, to be read, printed from here, or kept as PDF.
import { fetchCertificate } from "../../api/disposition";
import type { Certificate } from "../../api/types";
import { Banner, Button } from "../../components/controls";
import { Download } from "../../components/download";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatDate, formatNumber, formatSize, formatTime } from "../../i18n/format";
import { TableHead, TableRegion } from "./parts";

export function CertificatePage({ batch: id }: { batch: number }) {
  const certificate = useLoaded(() => fetchCertificate(id));
  const text = tLater().records;
  return (
    <Content of={certificate}>
      {({ batch, records, complete, as_of, transfer }) => (
        <article class="certificate stack">
          <div class="button-row not-printed">
            <a class="grow" href={`/records/disposition/${id}`}>‹ {batch.title}</a>
            {batch.certificate !== null && <a class="button compact" href={`/?doc=${batch.certificate}`}>{text.filedCertificate}</a>}
            <Download path={`/dispositions/${id}/certificate.pdf`}>{text.asPdf}</Download>
            <Button kind="primary" onClick={() => window.print()}>{text.print}</Button>
          </div>
          <h2>{text.certificateOf}: {batch.title}</h2>
          <p class="statement">{text.certificateSays(text.outcomes)}</p>
          {!complete && <Banner kind="warn">{text.certificateOpen(formatTime(as_of))}</Banner>}
          <dl class="facts">
            <dt>{text.batchNumber}</dt><dd>{batch.id}</dd>
            <dt>{text.evaluatedOn}</dt><dd>{formatDate(batch.evaluated_on)}</dd>
            <dt>{text.reason}</dt><dd>{batch.reason || t().common.none}</dd>
            <dt>{text.proposed}</dt><dd>{formatTime(batch.proposed_at)}{batch.proposed_by && ` · ${batch.proposed_by.name}`}</dd>
            <dt>{text.approvals}</dt><dd>{batch.approvals.map(({ by, at }) => <div key={at}>{formatTime(at)}{by && ` · ${by.name}`}</div>)}</dd>
            {batch.executed_at && <><dt>{text.executed}</dt><dd>{formatTime(batch.executed_at)}{batch.executed_by && ` · ${batch.executed_by.name}`}</dd></>}
            {transfer && <HandedOver transfer={transfer} />}
          </dl>
          <TableRegion label={text.records}>
            <TableHead columns={[text.number, text.class, text.why, text.outcome, text.files]} />
            <tbody>
              {records.map((record) => (
                <tr key={record.id}>
                  <td>{record.id}</td>
                  <td>{record.class}</td>
                  <td>{record.retain_through === null ? text.notReadable : `${record.schedule} (${record.schedule_version}) · ${text.keptThroughDate(formatDate(record.retain_through))}`}</td>
                  <td>
                    {(text.outcomes as Record<string, string>)[record.outcome] ?? record.outcome}
                    {record.decided_at && <div class="small">{formatTime(record.decided_at)}</div>}
                    {record.verified_at && <div class="small">{text.verified} {formatTime(record.verified_at)}</div>}
                    {record.reason && <div class="small">{record.reason}</div>}
                    <PaperEnd record={record} />
                  </td>
                  <td class="hash">{record.files.map((file) => <div key={file.sha256}>{file.sha256} ({formatSize(file.size)})</div>)}</td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
        </article>
      )}
    </Content>
  );
}

/** The package, and the receipt for it as far as there is one. */
function HandedOver({ transfer }: { transfer: NonNullable<Certificate["transfer"]> }) {
  const text = tLater().records;
  const { received_by: receiver, received_on: day, files_compared: files } = transfer;
  return (
    <>
      <dt>{text.package}</dt><dd>{transfer.package}<div class="hash">{transfer.sha256}</div></dd>
      <dt>{text.receipt}</dt>
      <dd>
        {receiver === null || day === null ? t().common.none : text.receivedBy(receiver, formatDate(day))}
        {receiver !== null && <div class="small">{files > 0 ? text.filesCompared(formatNumber(files)) : text.byHand}</div>}
      </dd>
    </>
  );
}

/** What became of the paper of a record that had some. */
function PaperEnd({ record: { outcome, medium, paper } }: { record: Certificate["records"][number] }) {
  if (paper) {
    return <div class="small">{tLater().paper.destroyedBy(formatDate(paper.destroyed_on), paper.confirmed_by?.name ?? t().common.unknown)} · {paper.method} · {formatTime(paper.confirmed_at)}</div>;
  }
  if (medium === null || medium === "digital") return null;
  return <div class="small">{outcome === "purged" ? tLater().records.paperUnconfirmed : tLater().records.paperRemains}</div>;
}
