// What waits for an event, and how lending stands: the reports that are lists.
import { useState } from "preact/hooks";
import { fetchLoanFigures, fetchWaiting } from "../../api/reports";
import type { Trigger, WaitingRecord } from "../../api/types";
import { AsCsv, Download } from "../../components/download";
import { MoreButton } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { attempt, TableHead, TableRegion } from "./parts";

export function WaitingReport() {
  const first = useLoaded(() => fetchWaiting(undefined));
  const text = tLater().retention;
  return (
    <>
      <div class="button-row">
        <h2 class="grow" id="waiting">{text.waiting}</h2>
        <AsCsv path="/reports/waiting" />
      </div>
      <Content of={first}>
        {({ items, next, total }) => total === 0 ? <p class="muted">{text.nothingWaits}</p> : <WaitingTable first={items} next={next} total={total} />}
      </Content>
    </>
  );
}

function WaitingTable({ first, next, total }: { first: readonly WaitingRecord[]; next: string | null; total: number }) {
  const [later, setLater] = useState<readonly WaitingRecord[]>([]);
  const [cursor, setCursor] = useState(next);
  const text = tLater().retention;
  const readOn = (from: string) => attempt(async () => {
    const page = await fetchWaiting(from);
    setLater([...later, ...page.items]);
    setCursor(page.next);
  });
  return (
    <>
      <p>{text.waitingTotal(formatNumber(total))}</p>
      <TableRegion label={text.waiting}>
        <TableHead columns={[tLater().records.document, tLater().records.class, text.waitsFor, text.waitsSince]} />
        <tbody>
          {[...first, ...later].map((one) => (
            <tr key={one.id}>
              <td><a href={`/?doc=${one.id}&tab=retention`}>{one.title || `#${one.id}`}</a></td>
              <td>{one.class}</td>
              <td>{one.missing.map(inWords).join(", ")}</td>
              <td>{formatDate(one.since)}</td>
            </tr>
          ))}
        </tbody>
      </TableRegion>
      {cursor && <MoreButton compact onMore={() => readOn(cursor)}>{text.moreRecords}</MoreButton>}
    </>
  );
}

function inWords({ kind, name }: Trigger): string {
  const words = tLater().records.triggers[kind];
  return name ? `${words} “${name}”` : words;
}

export function LoanReport() {
  const figures = useLoaded(fetchLoanFigures);
  const text = tLater().retention;
  return (
    <>
      <div class="button-row">
        <h2 class="grow">{text.loans}</h2>
        <a class="button compact" href="/records/paper/loans">{text.loanList}</a>
        <Download path="/reports/loans.csv">{t().common.asCsv}</Download>
      </div>
      <Content of={figures}>
        {(now) => (
          <dl class="tiles">
            {(["out", "overdue", "recalled", "reserved"] as const).map((name) => <div key={name} class="tile"><dt>{text.loanFigures[name]}</dt><dd>{formatNumber(now[name])}</dd></div>)}
          </dl>
        )}
      </Content>
    </>
  );
}
