// What people ask about themselves: where they occur, and their requests for erasure.
import { useState } from "preact/hooks";
import { erasureRequestsFrom, fetchSubjectReport, openErasureRequest, saveSubjectReport } from "../../api/privacy";
import type { ErasureRequest, SubjectReport, WeighedDocument } from "../../api/types";
import { Banner, Button, TextField } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { navigate } from "../../router";
import { Area, attempt, decisionInWords, TableHead, TableRegion } from "./parts";
import { useDayFromToday } from "./use_day";

const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
const isoToday = () => new Date().toISOString().slice(0, 10);

export function Privacy() {
  return (
    <>
      <SubjectSearch />
      <Requests />
    </>
  );
}

function SubjectSearch() {
  const [text, setText] = useState("");
  const [report, setReport] = useState<SubjectReport | null>(null);
  const words = tLater().privacy;
  const queries = linesOf(text);
  return (
    <section class="stack">
      <h2>{words.search}</h2>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void attempt(async () => setReport(await fetchSubjectReport(queries))); }}>
        <Area label={words.searchFor} hint={words.searchHelp} name="queries" value={text} onInput={(value) => { setText(value); setReport(null); }} required />
        <div class="button-row">
          <Button type="submit" kind="primary" icon="search">{words.find}</Button>
          {report && <Button icon="download" onClick={() => void attempt(() => saveSubjectReport(queries, "pdf"))}>{tLater().records.asPdf}</Button>}
          {report && <Button icon="download" onClick={() => void attempt(() => saveSubjectReport(queries, "csv"))}>{tLater().records.asCsv}</Button>}
        </div>
      </form>
      {report && <Found report={report} />}
    </section>
  );
}

function Found({ report }: { report: SubjectReport }) {
  const words = tLater().privacy;
  const names = (list: readonly { id: number; name: string }[]) => list.map(({ name }) => name).join(", ") || words.none;
  return (
    <>
      <p role="status">{words.found(report.documents.length, formatNumber(report.documents.length))}</p>
      {!report.complete && <Banner kind="warn">{words.more}</Banner>}
      <dl class="facts">
        <dt>{words.accounts}</dt><dd>{names(report.accounts)}</dd>
        <dt>{words.correspondents}</dt><dd>{names(report.correspondents)}</dd>
        {report.audit_entries && <><dt>{words.auditEntries}</dt><dd>{report.audit_entries.join(", ") || words.none}</dd></>}
      </dl>
      {report.places.length > 0 && <Places places={report.places} />}
      {report.documents.length > 0 && (
        <TableRegion label={words.search}>
          <TableHead columns={[tLater().records.document, tLater().records.class, words.keptUntil, words.against]} />
          <tbody>{report.documents.map((one) => <tr key={one.id}><WeighedCells document={one} /></tr>)}</tbody>
        </TableRegion>
      )}
    </>
  );
}

function Places({ places }: { places: SubjectReport["places"] }) {
  const text = tLater().retention;
  return (
    <TableRegion label={text.places}>
      <TableHead columns={[text.placeOf, text.placeField, text.placeText]} />
      <tbody>
        {places.map(({ object, id, field, text: found }, at) => (
          <tr key={at}>
            <td class="nowrap">{object === "document" ? <a href={`/?doc=${id}`}>{text.objectNumber(object, id)}</a> : text.objectNumber(object, id)}</td>
            <td>{field}</td>
            <td>{found || <span class="muted">{text.longText}</span>}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

/** A document, how long it is kept, and what stands against erasing it: four cells of a row. */
export function WeighedCells({ document }: { document: WeighedDocument }) {
  const words = tLater().privacy;
  return (
    <>
      <td>
        <a href={`/?doc=${document.id}&tab=retention`}>{document.title || `#${document.id}`}</a>{" "}
        {document.is_record && <span class="badge">{tLater().records.isRecord}</span>} {document.restricted && <span class="badge warn">{words.decisions.restrict}</span>}
      </td>
      <td>{document.class}</td>
      <td>
        {document.standing === "running" || document.standing === "due"
          ? tLater().records.keptThroughDate(formatDate(document.retain_through ?? ""))
          : decisionInWords({ standing: document.standing, action: "review", retain_through: document.retain_through })}
        {document.authority && <div class="muted small">{document.authority}</div>}
        {document.holds > 0 && <div class="small">{tLater().records.onHold}</div>}
      </td>
      <td>{document.ground ? words.grounds[document.ground] : words.nothingAgainst}</td>
    </>
  );
}

export function RequestState({ request }: { request: ErasureRequest }) {
  const words = tLater().privacy;
  if (request.not_erased > 0) return <span class="badge danger">{words.notErased(formatNumber(request.not_erased))}</span>;
  if (request.closed) return <span class="badge ok">{words.closedState}</span>;
  return <span class={`badge ${request.due_on < isoToday() ? "danger" : "accent"}`}>{request.due_on < isoToday() ? words.late : words.openState}</span>;
}

function Requests() {
  const requests = useParts(erasureRequestsFrom, "");
  const [making, setMaking] = useState(false);
  const words = tLater().privacy;
  return (
    <section class="stack">
      <div class="button-row"><h2 class="grow">{words.requests}</h2><AsCsv path="/erasure-requests" /><Button icon="plus" onClick={() => setMaking(true)}>{words.newRequest}</Button></div>
      <MoreParts of={requests}>
        {(all) => all.length === 0 ? <p class="muted">{words.noRequests}</p> : (
          <TableRegion label={words.requests}>
            <TableHead columns={[tLater().records.number, words.subject, words.received, words.dueOn, tLater().records.state]} />
            <tbody>
              {all.map((request) => (
                <tr key={request.id}>
                  <td>{request.id}</td>
                  <td><a href={`/records/privacy/${request.id}`}>{request.subject || words.forgotten}</a></td>
                  <td>{formatDate(request.received_on)}</td>
                  <td>{formatDate(request.due_on)}</td>
                  <td><RequestState request={request} /> {request.pending > 0 && words.undecided(formatNumber(request.pending))}</td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
        )}
      </MoreParts>
      {making && <NewRequest onClose={() => setMaking(false)} />}
    </section>
  );
}

function NewRequest({ onClose }: { onClose: () => void }) {
  const [subject, setSubject] = useState("");
  const [queries, setQueries] = useState("");
  const [received, setReceived] = useDayFromToday(0);
  const words = tLater().privacy;
  return (
    <FormDialog title={words.newRequest} unready={received === ""} onClose={onClose} onSave={async () => navigate(`/records/privacy/${(await openErasureRequest(subject, linesOf(queries), received)).id}`)}>
      {(problem) => (
        <>
          <TextField label={words.subject} name="subject" required error={problem("subject")} value={subject} onInput={setSubject} />
          <TextField label={words.received} name="received_on" type="date" required error={problem("received_on")} value={received} onInput={setReceived} />
          <Area label={words.searchFor} hint={words.searchHelp} name="queries" required error={problem("queries")} value={queries} onInput={setQueries} />
        </>
      )}
    </FormDialog>
  );
}
