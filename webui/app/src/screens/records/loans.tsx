// What is out, with whom and until when, and who waits.
import { useState } from "preact/hooks";
import { cancelReservation, loansFrom, reservationsFrom, returnPaper } from "../../api/paper";
import type { PaperLoan } from "../../api/types";
import { Button, Checkbox, EmptyState } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { MoreParts } from "../../components/more_parts";
import { useParts } from "../../components/use_parts";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { RecallDialog } from "./loan_dialogs";
import { attempt, TableHead, TableRegion } from "./parts";

export function Loans() {
  const overdue = location.value.query.get("overdue") === "true";
  return (
    <>
      <div class="button-row">
        <Checkbox label={tLater().paper.onlyOverdue} checked={overdue} onChange={(on) => setQuery({ overdue: on ? "true" : null }, true)} />
        <AsCsv path={overdue ? "/loans?overdue=true" : "/loans"} />
      </div>
      <LoanTable key={String(overdue)} overdue={overdue} />
      <Reservations />
    </>
  );
}

function LoanTable({ overdue }: { overdue: boolean }) {
  const loans = useParts((cursor) => loansFrom(overdue, cursor), "");
  const [recalling, setRecalling] = useState<PaperLoan | null>(null);
  const text = tLater().paper;
  return (
    <MoreParts of={loans}>
      {(all) => all.length === 0 ? <EmptyState icon="records" title={text.noLoans}>{text.noLoansHelp}</EmptyState> : (
        <>
          <TableRegion label={text.parts.loans}>
            <TableHead columns={[text.title, text.borrower, text.out, text.due, ""]} />
            <tbody>
              {all.map((loan) => (
                <tr key={loan.id}>
                  <td><a href={`/?doc=${loan.document.id}&tab=paper`}>{loan.document.title}</a></td>
                  <td>{loan.borrower}</td>
                  <td>{formatDate(loan.out_at)}</td>
                  <td>
                    {formatDate(loan.due_on)} {loan.overdue && <span class="badge danger">{text.overdue}</span>} {loan.recalled_at && <span class="badge">{text.recalled}</span>}
                  </td>
                  <td>
                    <div class="actions">
                      <Button compact onClick={() => setRecalling(loan)}>{text.recall}</Button>
                      <Button compact onClick={() => void attempt(() => returnPaper(loan.document.id, null), text.returned).then(loans.reload)}>{text.takeBack}</Button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
          {recalling && <RecallDialog document={recalling.document.id} title={recalling.document.title} onClose={() => setRecalling(null)} onSaved={loans.reload} />}
        </>
      )}
    </MoreParts>
  );
}

function Reservations() {
  const reservations = useParts(reservationsFrom, "");
  const text = tLater().paper;
  if (!reservations.items || reservations.items.length === 0) return null;
  return (
    <>
      <h2>{text.reservations}</h2>
      <TableRegion label={text.reservations}>
        <TableHead columns={[text.title, text.name, tLater().records.state, ""]} />
        <tbody>
          {reservations.items.map(({ id, document, account, available_at: since }) => (
            <tr key={id}>
              <td><a href={`/?doc=${document.id}&tab=paper`}>{document.title}</a></td>
              <td>{account.name}</td>
              <td>{since ? text.available : text.waits}</td>
              <td><div class="actions"><Button compact onClick={() => void attempt(() => cancelReservation(id)).then(reservations.reload)}>{text.cancelReservation}</Button></div></td>
            </tr>
          ))}
        </tbody>
      </TableRegion>
      {reservations.more && <div><Button onClick={reservations.more}>{t().search.loadMore}</Button></div>}
    </>
  );
}
