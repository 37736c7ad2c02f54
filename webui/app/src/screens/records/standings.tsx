// The records behind a figure of the overview.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { listStanding, type Standing } from "../../api/disposition";
import { findAnyClass } from "../../api/file_plan";
import type { Named, StandingRecord } from "../../api/types";
import { Chooser } from "../../components/choosers";
import { Banner, Button, EmptyState, Loading } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { useParts } from "../../components/use_parts";
import { t, tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { TableHead, TableRegion } from "./parts";

export const listedStandings: readonly Standing[] = ["overdue", "unscheduled", "contradictory", "permanent"];

export function StandingList({ standing }: { standing: Standing }) {
  const [inClass, setInClass] = useState<Named | null>(null);
  const text = tLater().records;
  return (
    <>
      <div>
        <a href="/records/overview">‹ {text.tabs.overview}</a>
        <h2>{text.figures[standing]}</h2>
        {standing === "unscheduled" && <p class="muted">{tLater().standings.unscheduledHelp}</p>}
      </div>
      <div class="columns"><Chooser label={text.inClass} placeholder={text.allClasses} value={inClass} find={findAnyClass} onPick={setInClass} /></div>
      <Listed key={inClass?.id} standing={standing} inClass={inClass?.id ?? null} />
    </>
  );
}

function Listed({ standing, inClass }: { standing: Standing; inClass: number | null }) {
  const [total, setTotal] = useState(0);
  const records = useParts(async (cursor) => {
    const part = await listStanding(standing, inClass, cursor);
    setTotal(part.total);
    return part;
  }, standing);
  const text = tLater().standings;
  if (records.error !== null) return <Banner kind="danger">{explain(records.error)}</Banner>;
  if (records.items === null) return <Loading />;
  if (records.items.length === 0) return <EmptyState icon="check" title={text.none} />;
  return (
    <>
      <div class="button-row">
        <span class="grow" role="status">{text.count(total, formatNumber(total))}</span>
        <AsCsv path={`/retention/records?standing=${standing}${inClass ? `&class=${inClass}` : ""}`} />
      </div>
      <StandingTable standing={standing} records={records.items} />
      {records.more && <div><Button onClick={records.more}>{t().search.loadMore}</Button></div>}
    </>
  );
}

function StandingTable({ standing, records }: { standing: Standing; records: readonly StandingRecord[] }) {
  const text = tLater().records;
  const overdue = standing === "overdue";
  return (
    <TableRegion label={text.figures[standing]}>
      <TableHead columns={[text.document, text.class, text.schedule, overdue ? tLater().standings.deadline : tLater().standings.declaredOn]} />
      <tbody>
        {records.map((record) => (
          <tr key={record.id}>
            <td><a href={`/?doc=${record.id}&tab=retention`}>{record.title || `#${record.id}`}</a></td>
            <td>{record.class}{record.folder && <div class="muted small">{record.folder}</div>}</td>
            <td>{record.schedule || t().common.none}</td>
            <td class="nowrap">{formatDate((overdue ? record.deadline : record.declared_on) ?? "")}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}
