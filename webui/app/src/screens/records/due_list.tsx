// What is due, and what a batch is made of: records picked one by one, or all that nothing stands against.
import { useState } from "preact/hooks";
import { countFree, listDue, type DuePage } from "../../api/disposition";
import type { Batch, DueRecord } from "../../api/types";
import { Button, Checkbox, EmptyState } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { MoreButton } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { duePicks, keepDuePicks, type DuePicks } from "../../state/due_picks";
import { attempt, TableHead, TableRegion } from "./parts";
import { Proposal, type Proposed } from "./proposal";

export const dueActions = ["destroy", "transfer", "review"] as const;
export type DueAction = (typeof dueActions)[number];
type BatchAction = Batch["action"];

/** The action of a batch that may take it, if any: what is held, or must be decided by a person first, waits. */
function batchAction(record: DueRecord): BatchAction | null {
  const free = record.holds === 0 && record.standing !== "contradictory";
  return free && (record.action === "destroy" || record.action === "transfer") ? record.action : null;
}

/** Of an action, or of all (empty). To be keyed by all three. */
export function DueList({ action, inClass, overdue }: { action: DueAction | ""; inClass: number | null; overdue: boolean }) {
  const filter = { ...(action ? { action } : {}), ...(inClass ? { class: String(inClass) } : {}), ...(overdue ? { overdue: "true" as const } : {}) };
  const due = useLoaded(async () => ({ first: await listDue(filter), free: await countFree(inClass) }));
  const [later, setLater] = useState<DuePage | null>(null);
  const list = JSON.stringify(filter);
  const picked = duePicks(list);
  const [proposing, setProposing] = useState<Proposed | null>(null);
  const text = tLater().records;
  const pick = (records: readonly DueRecord[], on: boolean) => {
    const next = new Map(picked);
    for (const record of records) {
      const takes = batchAction(record);
      if (on && takes) next.set(record.id, takes);
      else next.delete(record.id);
    }
    keepDuePicks(list, next);
  };
  return (
    <Content of={due}>
      {({ first, free }) => {
        const records = [...first.items, ...(later?.items ?? [])];
        const next = (later ?? first).next;
        const more = () => attempt(async () => {
          const page = await listDue({ ...filter, ...(next ? { cursor: next } : {}) });
          setLater({ ...page, items: [...(later?.items ?? []), ...page.items] });
        });
        if (records.length === 0) return overdue ? <EmptyState icon="check" title={tLater().standings.none} /> : <EmptyState icon="check" title={text.nothingDue}>{text.nothingDueHelp}</EmptyState>;
        const takes = [...picked.values()][0]; // of all that are picked
        return (
          <>
            <div class="button-row">
              <span class="grow" role="status">{first.total_exact ? "" : "≥ "}{text.dueCount(first.total, formatNumber(first.total))}</span>
              <AsCsv path={`/retention/due?${new URLSearchParams(filter).toString()}`} />
              <PickAll records={records} picked={picked} onPick={pick} />
              {action !== "review" && <Button kind="primary" disabled={!takes} onClick={() => takes && setProposing({ action: takes, documents: [...picked.keys()] })}>{text.propose(picked.size)}</Button>}
              {(["destroy", "transfer"] as const).filter((each) => !overdue && free[each] > 0 && (!action || action === each)).map((each) => (
                <Button key={each} onClick={() => setProposing({ action: each, allFree: free[each], inClass })}>
                  {tLater().standings.proposeAll(formatNumber(free[each]), text.actions[each].toLowerCase())}
                </Button>
              ))}
            </div>
            <DueTable records={records} action={action} picked={picked} onPick={pick} />
            {next && <MoreButton onMore={more}>{t().search.loadMore}</MoreButton>}
            {proposing && <Proposal of={proposing} onClose={() => setProposing(null)} onProposed={() => keepDuePicks(list, new Map())} />}
          </>
        );
      }}
    </Content>
  );
}

/** Offers all of those shown that a batch may take together. */
function PickAll({ records, picked, onPick }: { records: readonly DueRecord[]; picked: DuePicks; onPick: (records: readonly DueRecord[], on: boolean) => void }) {
  const free = records.filter((record) => batchAction(record) !== null);
  const actions = new Set(free.map(batchAction));
  if (actions.size > 1) return <span class="muted small">{tLater().standings.oneActionAtATime}</span>;
  if (free.length === 0) return null;
  return <Checkbox label={tLater().records.pickAllFree(free.length)} checked={free.every(({ id }) => picked.has(id))} onChange={(on) => onPick(free, on)} />;
}

function DueTable({ records, action, picked, onPick }: {
  records: readonly DueRecord[];
  action: DueAction | "";
  picked: DuePicks;
  onPick: (records: readonly DueRecord[], on: boolean) => void;
}) {
  const text = tLater().records;
  const takes = [...picked.values()][0];
  const pickable = (record: DueRecord) => batchAction(record) !== null && (!takes || takes === batchAction(record));
  return (
    <TableRegion label={text.due}>
      <TableHead columns={[...(action === "review" ? [] : [""]), text.document, text.class, ...(action ? [] : [text.action]), text.why, text.keptUntil]} />
      <tbody>
        {records.map((record) => (
          <tr key={record.id}>
            {action !== "review" && (
              <td>
                <input type="checkbox" aria-label={t().search.selectRow(record.title)} disabled={!pickable(record)} checked={picked.has(record.id)}
                  onChange={(event) => onPick([record], event.currentTarget.checked)} />
              </td>
            )}
            <td>
              <a href={`/?doc=${record.id}&tab=retention`}>{record.title}</a>{" "}
              {record.holds > 0 && <span class="badge hold">{text.onHold}</span>}{" "}
              {record.standing === "contradictory" && <span class="badge danger">{text.standings.contradictory}</span>}
            </td>
            <td>{record.class}{record.folder && <div class="muted small">{record.folder}</div>}</td>
            {!action && <td>{text.actions[record.action]}</td>}
            <td>{record.schedule}{record.authority && <div class="muted small">{record.authority}</div>}</td>
            <td class="nowrap">{formatDate(record.retain_through)}{record.deadline && <div class="muted small">{text.deadline(formatDate(record.deadline))}</div>}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}
