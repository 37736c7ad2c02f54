// How the records stand today, by figure and by class. In a demonstration the day can be set.
import { useState } from "preact/hooks";
import { fetchReport, fetchToday, setToday, type Standing } from "../../api/disposition";
import type { RetentionReport, Today } from "../../api/types";
import { Banner, Button, TextField } from "../../components/controls";
import { Download } from "../../components/download";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { location } from "../../router";
import { mayDeclare } from "../../state/session";
import { NotDeclaredList, notDeclared } from "./not_declared";
import { attempt, TableHead, TableRegion } from "./parts";
import { listedStandings, StandingList } from "./standings";

const figures = ["records", "due", "overdue", "waiting", "unscheduled", "contradictory", "permanent", "on_hold", "in_batches", "restorable", "destroyed", "unfiled", "undeclared", "not_declared", "unfiled_certificates"] as const;

const listAt = (standing: Standing | typeof notDeclared) => `/records/overview?standing=${standing}`;

// Where the records behind a figure are listed.
const lists: Partial<Record<(typeof figures)[number], string>> = {
  due: "/records/disposition", overdue: listAt("overdue"), unscheduled: listAt("unscheduled"), contradictory: listAt("contradictory"), permanent: listAt("permanent"),
  undeclared: `/?q=${encodeURIComponent("has:class -is:record")}`, not_declared: listAt(notDeclared), in_batches: "/records/disposition", restorable: "/records/disposition",
  waiting: "/records/reports", on_hold: "/records/holds", destroyed: "/records/destroyed", unfiled: "/inbox", unfiled_certificates: "/inbox",
};

function Figure({ to, value }: { to: string | undefined; value: number }) {
  return to && value > 0 ? <a href={to}>{formatNumber(value)}</a> : <>{formatNumber(value)}</>;
}

export function Overview() {
  const wanted = location.value.query.get("standing");
  if (wanted === notDeclared && mayDeclare.value) return <NotDeclaredList />;
  const standing = listedStandings.find((each) => each === wanted);
  return standing ? <StandingList key={standing} standing={standing} /> : <Figures />;
}

function Figures() {
  const report = useLoaded(fetchReport);
  const today = useLoaded(fetchToday);
  const changed = async () => {
    await today.reload();
    await report.reload();
  };
  return (
    <>
      {today.data?.may_be_set && <TodayForm today={today.data} onChanged={changed} />}
      <Content of={report}>
        {(now) => (
          <>
            {now.purging_waits_through && <Banner kind="warn" icon="clock">{tLater().records.purgingWaits(formatDate(now.purging_waits_through))}</Banner>}
            <dl class="tiles">
              {figures.map((name) => <div key={name} class="tile"><dt>{tLater().records.figures[name]}</dt><dd><Figure to={name === "not_declared" && !mayDeclare.value ? undefined : lists[name]} value={now[name]} /></dd></div>)}
            </dl>
            <div class="button-row"><h2 class="grow">{tLater().records.byClass}</h2><Download path="/reports/classes.csv">{tLater().records.asCsv}</Download></div>
            <ByClass report={now} />
          </>
        )}
      </Content>
    </>
  );
}

function TodayForm({ today, onChanged }: { today: Today; onChanged: () => Promise<void> }) {
  const [day, setDay] = useState(today.today);
  const text = tLater().records;
  const choose = (chosen: string | null) => attempt(() => setToday(chosen)).then(onChanged);
  return (
    <Banner kind={today.set ? "warn" : undefined} icon="clock">
      <form class="button-row" onSubmit={(event) => { event.preventDefault(); void choose(day); }}>
        <span class="grow">{today.set ? text.todaySet(formatDate(today.today)) : text.todayHelp}</span>
        <TextField label={text.today} name="today" type="date" required value={day} onInput={setDay} />
        <Button type="submit">{text.setToday}</Button>
        {today.set && <Button onClick={() => void choose(null)}>{text.realToday}</Button>}
      </form>
    </Banner>
  );
}

function ByClass({ report }: { report: RetentionReport }) {
  const text = tLater().records;
  const most = Math.max(1, ...report.by_class.map(({ records }) => records));
  if (report.by_class.length === 0) return null;
  return (
    <TableRegion label={text.byClass}>
      <TableHead columns={[text.class, text.figures.records, text.figures.due, text.figures.overdue, text.figures.waiting, text.figures.on_hold, text.figures.destroyed, text.figures.undeclared]} />
      <tbody>
        {report.by_class.map((row) => (
          <tr key={row.class}>
            <td><strong>{row.class}</strong> {row.title}</td>
            <td>
              {formatNumber(row.records)}
              <div class="bar" aria-hidden="true"><div style={{ width: `${(row.records / most) * 100}%` }} /></div>
            </td>
            {([row.due, row.overdue, row.waiting, row.on_hold, row.destroyed, row.undeclared]).map((figure, at) => <td key={at}>{formatNumber(figure)}</td>)}
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}
