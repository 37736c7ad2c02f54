// What is due, why, and the batches in which it is disposed of.
import { useState } from "preact/hooks";
import { allBatches, listDue, proposeBatch, type DuePage } from "../../api/disposition";
import type { Batch, DueRecord, Named } from "../../api/types";
import { ClassField } from "../../components/choosers";
import { Button, Checkbox, EmptyState, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { AsCsv } from "../../components/download";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { navigate } from "../../router";
import { attempt, ReasonField, TableHead, TableRegion } from "./parts";

type DueAction = "destroy" | "transfer" | "review";

export function Disposition() {
  const batches = useLoaded(allBatches, true);
  const [action, setAction] = useState<DueAction>("destroy");
  const [inClass, setInClass] = useState<Named | null>(null);
  const text = tLater().records;
  return (
    <>
      <section class="stack">
        <h2>{text.due}</h2>
        <div class="columns">
          <Select label={text.action} value={action} onChange={(chosen) => setAction(chosen as DueAction)}
            options={(["destroy", "transfer", "review"] as const).map((value) => ({ value, label: text.actions[value] }))} />
          <ClassField label={text.inClass} placeholder={text.allClasses} value={inClass} onPick={setInClass} />
        </div>
        <DueList key={`${action} ${inClass?.id}`} action={action} inClass={inClass ? String(inClass.id) : ""} />
      </section>
      <section class="stack">
        <h2>{text.batches}</h2>
        <Content of={batches}>{(all) => (all.length === 0 ? <p class="muted">{text.noBatches}</p> : <BatchTable batches={all} />)}</Content>
      </section>
    </>
  );
}

/** Whether a batch may take it: what is held, or must be decided by a person first, waits. */
function isFree(record: DueRecord): boolean {
  return record.holds === 0 && record.standing !== "contradictory";
}

function DueList({ action, inClass }: { action: DueAction; inClass: string }) {
  const due = useLoaded(() => listDue({ action, class: inClass }));
  const [later, setLater] = useState<DuePage | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [proposing, setProposing] = useState(false);
  const text = tLater().records;
  const pick = (ids: readonly number[], on: boolean) => {
    const next = new Set(picked);
    for (const id of ids) if (on) next.add(id); else next.delete(id);
    setPicked(next);
  };
  return (
    <Content of={due}>
      {(first) => {
        const records = [...first.items, ...(later?.items ?? [])];
        const next = (later ?? first).next;
        const free = action === "review" ? [] : records.filter(isFree).map(({ id }) => id);
        const more = () => attempt(async () => {
          const page = await listDue({ action, class: inClass, ...(next ? { cursor: next } : {}) });
          setLater({ ...page, items: [...(later?.items ?? []), ...page.items] });
        });
        if (records.length === 0) return <EmptyState icon="check" title={text.nothingDue}>{text.nothingDueHelp}</EmptyState>;
        return (
          <>
            <div class="button-row">
              <span class="grow" role="status">{first.total_exact ? "" : "≥ "}{text.dueCount(first.total, formatNumber(first.total))}</span>
              <AsCsv path={`/retention/due?action=${action}${inClass ? `&class=${inClass}` : ""}`} />
              {free.length > 0 && <Checkbox label={text.pickAllFree(free.length)} checked={free.every((id) => picked.has(id))} onChange={(on) => pick(free, on)} />}
              {action !== "review" && <Button kind="primary" disabled={picked.size === 0} onClick={() => setProposing(true)}>{text.propose(picked.size)}</Button>}
            </div>
            <DueTable records={records} action={action} picked={picked} onPick={pick} />
            {next && <div><Button onClick={() => void more()}>{t().search.loadMore}</Button></div>}
            {proposing && action !== "review" && <Proposal action={action} documents={[...picked]} onClose={() => setProposing(false)} />}
          </>
        );
      }}
    </Content>
  );
}

function DueTable({ records, action, picked, onPick }: {
  records: readonly DueRecord[];
  action: DueAction;
  picked: ReadonlySet<number>;
  onPick: (ids: readonly number[], on: boolean) => void;
}) {
  const text = tLater().records;
  return (
    <TableRegion label={text.due}>
      <TableHead columns={[...(action === "review" ? [] : [""]), text.document, text.class, text.why, text.keptUntil]} />
      <tbody>
        {records.map((record) => (
          <tr key={record.id}>
            {action !== "review" && (
              <td>
                <input type="checkbox" aria-label={t().search.selectRow(record.title)} disabled={!isFree(record)} checked={picked.has(record.id)}
                  onChange={(event) => onPick([record.id], event.currentTarget.checked)} />
              </td>
            )}
            <td>
              <a href={`/?doc=${record.id}&tab=retention`}>{record.title}</a>{" "}
              {record.holds > 0 && <span class="badge hold">{text.onHold}</span>}{" "}
              {record.standing === "contradictory" && <span class="badge danger">{text.standings.contradictory}</span>}
            </td>
            <td>{record.class}{record.folder && <div class="muted small">{record.folder}</div>}</td>
            <td>{record.schedule}{record.authority && <div class="muted small">{record.authority}</div>}</td>
            <td class="nowrap">{formatDate(record.retain_through)}{record.deadline && <div class="muted small">{text.deadline(formatDate(record.deadline))}</div>}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

function Proposal({ action, documents, onClose }: { action: Batch["action"]; documents: number[]; onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [reason, setReason] = useState("");
  const [approvals, setApprovals] = useState("1");
  const text = tLater().records;
  const save = async () => {
    const batch = await proposeBatch({ title, action, reason, documents, approvals_needed: approvals === "2" ? 2 : 1 });
    navigate(`/records/disposition/${batch.id}`);
  };
  return (
    <FormDialog title={text.proposal(text.actions[action], documents.length)} action={text.proposeIt} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.batchName} name="title" required error={problem("title")} value={title} onInput={setTitle} />
          <ReasonField value={reason} onInput={setReason} error={problem("reason")} />
          <Select label={text.approvalsNeeded} value={approvals} onChange={setApprovals} options={["1", "2"].map((value) => ({ value, label: value }))} />
        </>
      )}
    </FormDialog>
  );
}

function BatchTable({ batches }: { batches: readonly Batch[] }) {
  const text = tLater().records;
  return (
    <TableRegion label={text.batches}>
      <TableHead columns={[text.batch, text.action, text.state, text.records, text.proposed]} />
      <tbody>
        {batches.map((batch) => (
          <tr key={batch.id}>
            <td><a href={`/records/disposition/${batch.id}`}>{batch.title}</a></td>
            <td>{text.actions[batch.action]}</td>
            <td><BatchState state={batch.state} /></td>
            <td>{formatNumber(batch.records)}</td>
            <td class="nowrap">{formatDate(batch.proposed_at)}{batch.proposed_by && ` · ${batch.proposed_by.name}`}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

export function BatchState({ state }: { state: Batch["state"] }) {
  const kinds = { proposed: "accent", approved: "accent", rejected: "", withdrawn: "", executing: "warn", executed: "ok" };
  return <span class={`badge ${kinds[state]}`}>{tLater().records.states[state]}</span>;
}
