// What filing was to declare and could not, each with the reason.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { listNotDeclared } from "../../api/records";
import { Banner, Button, EmptyState, Loading } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { useParts } from "../../components/use_parts";
import { t, tLater } from "../../i18n";
import { formatNumber, formatTime } from "../../i18n/format";
import { TableHead, TableRegion } from "./parts";

/** How the address of the overview names it. */
export const notDeclared = "not-declared";

export function NotDeclaredList() {
  const text = tLater().records;
  return (
    <>
      <div>
        <a href="/records/overview">‹ {text.tabs.overview}</a>
        <h2>{text.figures.not_declared}</h2>
      </div>
      <p class="muted">{tLater().standings.notDeclaredHelp}</p>
      <Listed />
    </>
  );
}

function Listed() {
  const [total, setTotal] = useState(0);
  const refused = useParts(async (cursor) => {
    const part = await listNotDeclared(cursor);
    setTotal(part.total);
    return part;
  }, "");
  const text = tLater().standings;
  const records = tLater().records;
  if (refused.error !== null) return <Banner kind="danger">{explain(refused.error)}</Banner>;
  if (refused.items === null) return <Loading />;
  if (refused.items.length === 0) return <EmptyState icon="check" title={text.none} />;
  return (
    <>
      <div class="button-row">
        <span class="grow" role="status">{t().common.documents(total, formatNumber(total))}</span>
        <AsCsv path="/records/not-declared" />
      </div>
      <TableRegion label={records.figures.not_declared}>
        <TableHead columns={[records.document, records.class, records.why, text.lastTried]} />
        <tbody>
          {refused.items.map((one) => (
            <tr key={one.id}>
              <td><a href={`/?doc=${one.id}&tab=retention`}>{one.title || `#${one.id}`}</a></td>
              <td>{one.class}</td>
              <td>{one.problem}</td>
              <td class="nowrap">{formatTime(one.refused_at)}</td>
            </tr>
          ))}
        </tbody>
      </TableRegion>
      {refused.more && <div><Button onClick={refused.more}>{t().search.loadMore}</Button></div>}
    </>
  );
}
