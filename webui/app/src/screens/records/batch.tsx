// One batch: who proposed and approved it, how its records would fare and fared, and what can be done next.
import { useEffect, useState } from "preact/hooks";
import { approveBatch, batchRecords, checkBatch, executeBatch, fetchBatch, rejectBatch, restoreRecord, takeOutOfBatch, withdrawBatch } from "../../api/disposition";
import type { Batch, BatchItem } from "../../api/types";
import { Banner, Button, TextField } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater, t } from "../../i18n";
import { formatDate, formatNumber, formatTime } from "../../i18n/format";
import { refreshUnread } from "../../state/notifications";
import { mayApprove, mayPropose, session } from "../../state/session";
import { BatchState } from "./disposition";
import { attempt, ReasonDialog, TableHead, TableRegion } from "./parts";
import { TransferSection } from "./transfer";

type Obstacles = ReadonlyMap<number, string | null>;
type Doing = "approve" | "reject" | "withdraw" | "execute";

export function BatchPage({ id }: { id: number }) {
  const batch = useLoaded(() => fetchBatch(id), true);
  const [obstacles, setObstacles] = useState<Obstacles | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [changes, setChanges] = useState(0);
  const text = tLater().records;
  const state = batch.data?.state;
  useEffect(() => {
    if (state !== "executing") return;
    const timer = setInterval(() => void batch.reload(), 1000);
    return () => clearInterval(timer);
  }, [state]);
  const done = () => setDoing(null);
  const changed = async () => {
    setObstacles(null);
    setChanges(changes + 1);
    await Promise.all([batch.reload(), refreshUnread()]);
  };
  const check = () => attempt(async () => setObstacles(new Map((await checkBatch(id)).map((record) => [record.id, record.obstacle]))));
  const after = (action: () => Promise<void>) => async () => { await action(); await changed(); };
  return (
    <Content of={batch}>
      {(now) => (
        <>
          <div>
            <a href="/records/disposition">‹ {text.tabs.disposition}</a>
            <h2>{now.title} <BatchState state={now.state} /></h2>
          </div>
          <BatchFacts batch={now} />
          <Steps batch={now} onDo={setDoing} onCheck={() => void check()} />
          {now.action === "transfer" && now.state === "executed" && <TransferSection key={changes} batch={now} onChanged={changed} />}
          {obstacles && <CheckResult obstacles={obstacles} />}
          <Items state={`${changes} ${now.state} ${now.pending}`} batch={now} obstacles={obstacles} onChanged={changed} />
          {doing === "approve" && (
            <ReasonDialog optional title={text.approve} help={text.approveHelp} action={text.approve} onClose={done} onSave={(comment) => after(() => approveBatch(now, comment))()} />
          )}
          {doing === "reject" && <ReasonDialog title={text.reject} action={text.reject} onClose={done} onSave={(reason) => after(() => rejectBatch(now, reason))()} />}
          {doing === "withdraw" && <ReasonDialog title={text.withdraw} action={text.withdraw} onClose={done} onSave={(reason) => after(() => withdrawBatch(now, reason))()} />}
          {doing === "execute" && <ExecuteDialog batch={now} onClose={done} onSave={after(() => executeBatch(now))} />}
        </>
      )}
    </Content>
  );
}

function BatchFacts({ batch }: { batch: Batch }) {
  const text = tLater().records;
  return (
    <dl class="facts">
      <dt>{text.action}</dt><dd>{text.actions[batch.action]}</dd>
      <dt>{text.records}</dt><dd>{formatNumber(batch.records)}</dd>
      {batch.action === "transfer" && <><dt>{text.afterReceipt}</dt><dd>{batch.copy_schedule ? text.stayAsCopies(batch.copy_schedule.name) : text.goAfterReceipt}</dd></>}
      <dt>{text.reason}</dt><dd>{batch.reason || t().common.none}</dd>
      <dt>{text.proposed}</dt><dd>{formatTime(batch.proposed_at)}{batch.proposed_by && ` · ${batch.proposed_by.name}`}</dd>
      <dt>{text.approvals}</dt>
      <dd>
        {batch.approvals.map(({ by, approved, comment, at }) => (
          <div key={at}>{approved ? text.approvedBy(by?.name ?? "") : text.rejectedBy(by?.name ?? "")} · {formatTime(at)}{comment && ` · ${comment}`}</div>
        ))}
        {batch.state === "proposed" && <div class="muted">{text.approvalsMissing(batch.approvals_needed - batch.approvals.filter(({ approved }) => approved).length)}</div>}
      </dd>
      {batch.executed_at && <><dt>{text.executed}</dt><dd>{formatTime(batch.executed_at)}{batch.executed_by && ` · ${batch.executed_by.name}`}</dd></>}
      {batch.certificate !== null && <><dt>{text.certificate}</dt><dd><a href={`/?doc=${batch.certificate}`}>{text.filedCertificate}</a></dd></>}
    </dl>
  );
}

function Steps({ batch, onDo, onCheck }: { batch: Batch; onDo: (doing: Doing) => void; onCheck: () => void }) {
  const text = tLater().records;
  const { state } = batch;
  const own = batch.proposed_by?.id === session.value?.account.id;
  const open = state === "proposed" || state === "approved";
  return (
    <>
      {state === "proposed" && own && <Banner>{text.othersApprove}</Banner>}
      <div class="button-row">
        {open && <Button icon="search" onClick={onCheck}>{text.check}</Button>}
        {state === "proposed" && mayApprove.value && !own && (
          <>
            <Button kind="primary" icon="check" onClick={() => onDo("approve")}>{text.approve}</Button>
            <Button onClick={() => onDo("reject")}>{text.reject}</Button>
          </>
        )}
        {state === "approved" && mayPropose.value && <Button kind="danger" onClick={() => onDo("execute")}>{text.execute}</Button>}
        {open && mayPropose.value && <Button onClick={() => onDo("withdraw")}>{text.withdraw}</Button>}
        {state === "executed" && <a class="button" href={`/records/disposition/${batch.id}/certificate`}>{text.certificate}</a>}
        <AsCsv path={`/dispositions/${batch.id}/records`} />
      </div>
    </>
  );
}

function CheckResult({ obstacles }: { obstacles: Obstacles }) {
  const blocked = [...obstacles.values()].filter((obstacle) => obstacle !== null).length;
  return <Banner kind={blocked > 0 ? "warn" : "ok"}>{tLater().records.checked(formatNumber(obstacles.size - blocked), formatNumber(blocked))}</Banner>;
}

/** Shows first how the records would fare, and asks for their number: this is no accident. */
function ExecuteDialog({ batch, onSave, onClose }: { batch: Batch; onSave: () => Promise<void>; onClose: () => void }) {
  const checked = useLoaded(async () => new Map((await checkBatch(batch.id)).map((record) => [record.id, record.obstacle])));
  const [typed, setTyped] = useState("");
  const text = tLater().records;
  return (
    <FormDialog title={text.execute} action={text.execute} onClose={onClose} onSave={onSave}>
      {() => (
        <>
          <Content of={checked}>{(obstacles) => <CheckResult obstacles={obstacles} />}</Content>
          <TextField label={text.typeCount(String(batch.records))} name="count" required pattern={String(batch.records)} autoComplete="off" value={typed} onInput={setTyped} />
        </>
      )}
    </FormDialog>
  );
}

/** Whether the document can still be looked at. */
function stays(batch: Batch, { outcome }: BatchItem): boolean {
  return ["pending", "transferring", "skipped", "failed", "restored"].includes(outcome) || (outcome === "transferred" && batch.copy_schedule !== null);
}

/** With another `state` the records may fare otherwise. */
function Items({ batch, state, obstacles, onChanged }: { batch: Batch; state: string; obstacles: Obstacles | null; onChanged: () => Promise<void> }) {
  const records = useParts((cursor) => batchRecords(batch.id, cursor), state);
  const [restoring, setRestoring] = useState<BatchItem | null>(null);
  const [takingOut, setTakingOut] = useState<BatchItem | null>(null);
  const open = ["proposed", "approved"].includes(batch.state);
  const text = tLater().records;
  return (
    <>
      <MoreParts of={records}>
        {(items) => (
          <TableRegion label={text.records}>
            <TableHead columns={[text.document, text.class, text.why, text.outcome, ""]} />
            <tbody>
              {items.map((item) => {
                const name = item.title || `#${item.id}`;
                return (
                  <tr key={item.id}>
                    <td>{stays(batch, item) && item.title ? <a href={`/?doc=${item.id}&tab=retention`}>{name}</a> : name}</td>
                    <td>{item.class}</td>
                    <td>{item.retain_through === null ? <span class="muted">{text.notReadable}</span> : `${item.schedule} · ${text.keptThroughDate(formatDate(item.retain_through))}`}</td>
                    <td><Outcome item={item} obstacle={obstacles?.get(item.id)} /></td>
                    <td>
                      <div class="actions">
                        {open && item.outcome === "pending" && item.readable && mayPropose.value && (
                          <Button compact aria-label={`${text.takeOut} ${name}`} onClick={() => setTakingOut(item)}>{text.takeOut}</Button>
                        )}
                        {["destroyed", "transferred"].includes(item.outcome) && !stays(batch, item) && mayPropose.value && (
                          <Button compact icon="restore" aria-label={`${text.restore} ${name}`} onClick={() => setRestoring(item)}>{text.restore}</Button>
                        )}
                      </div>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </TableRegion>
        )}
      </MoreParts>
      {takingOut && (
        <ReasonDialog title={`${text.takeOut}: ${takingOut.title || `#${takingOut.id}`}`} help={text.takeOutHelp} action={text.takeOut} onClose={() => setTakingOut(null)}
          onSave={async (reason) => { await takeOutOfBatch(batch.id, takingOut.id, reason); await onChanged(); }} />
      )}
      {restoring && (
        <ReasonDialog title={`${text.restore}: ${restoring.title || `#${restoring.id}`}`} help={text.restoreHelp} action={text.restore} onClose={() => setRestoring(null)}
          onSave={async (reason) => { await restoreRecord(batch.id, restoring.id, reason); await onChanged(); }} />
      )}
    </>
  );
}

function Outcome({ item, obstacle }: { item: BatchItem; obstacle: string | null | undefined }) {
  const kinds = { pending: "", destroyed: "ok", transferring: "accent", transferred: "ok", skipped: "warn", failed: "danger", restored: "accent", purged: "ok" };
  const text = tLater().records;
  return (
    <>
      <span class={`badge ${kinds[item.outcome]}`}>{text.outcomes[item.outcome]}</span>
      {item.reason && <div class="muted small">{item.reason}</div>}
      {obstacle !== undefined && item.outcome === "pending" && <div class="small">{obstacle ?? text.noObstacle}</div>}
    </>
  );
}
