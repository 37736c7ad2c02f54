// What whoever is signed in has on loan, and what waits for them.
import { ownLoans } from "../../api/paper";
import { Banner } from "../../components/controls";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";

export function MyPaper() {
  const own = useLoaded(ownLoans);
  const text = tLater().paper;
  if (!own.data) return null;
  return (
    <>
      {own.data.reservations.filter(({ available_at: since }) => since !== null).map(({ id, document }) => (
        <Banner key={id} kind="ok"><a href={`/?doc=${document.id}&tab=paper`}>{text.readyForYou(document.title)}</a></Banner>
      ))}
      {own.data.loans.map(({ id, document, due_on: due, overdue, recalled_at: recalled }) => (
        <Banner key={id} kind={overdue || recalled ? "warn" : undefined} icon="records">
          {(overdue ? text.youAreLate : recalled ? text.wantedBack : text.youHave)(document.title, formatDate(due))}
        </Banner>
      ))}
    </>
  );
}
