// One request for erasure: each document weighed, decided by a person, and the whole carried out.
import { useState } from "preact/hooks";
import { closeErasureRequest, decideErasure, erasureItems, extendErasureRequest, fetchErasureRequest, type Decision, type RefusalGround } from "../../api/privacy";
import type { ErasureItem, ErasureRequest } from "../../api/types";
import { Banner, Button, Select } from "../../components/controls";
import { ConfirmDialog } from "../../components/dialog";
import { Download } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatDate, formatTime } from "../../i18n/format";
import { attempt, ReasonDialog, ReasonField, TableHead, TableRegion } from "./parts";
import { RequestState, WeighedCells } from "./privacy";

const load = async (id: number) => {
  const [request, items] = await Promise.all([fetchErasureRequest(id), erasureItems(id)]);
  return { request, items };
};

export function ErasurePage({ id }: { id: number }) {
  const loaded = useLoaded(() => load(id));
  const [picked, setPicked] = useState<readonly number[]>([]);
  const [doing, setDoing] = useState<"decide" | "extend" | "close" | null>(null);
  const words = tLater().privacy;
  const done = () => setDoing(null);
  const changed = async () => { setPicked([]); await loaded.reload(); };
  return (
    <Content of={loaded}>
      {({ request, items }) => (
        <>
          <div>
            <a href="/records/privacy">‹ {tLater().records.tabs.privacy}</a>
            <h2>{request.subject || words.forgotten} <RequestState request={request} /></h2>
          </div>
          <Facts request={request} />
          {request.not_erased > 0 && <Banner kind="warn">{words.notErasedHelp}</Banner>}
          <div class="button-row">
            {!request.closed && picked.length > 0 && <Button kind="primary" onClick={() => setDoing("decide")}>{words.decide(picked.length)}</Button>}
            {!request.closed && !request.extension_reason && <Button onClick={() => setDoing("extend")}>{words.extend}</Button>}
            {!request.closed && request.pending === 0 && <Button kind="danger" onClick={() => setDoing("close")}>{words.close}</Button>}
            {request.closed && <Download path={`/erasure-requests/${id}/letter.pdf`}>{words.letter}</Download>}
          </div>
          <Items items={items} picked={picked} onPick={request.closed ? null : setPicked} />
          {doing === "decide" && <DecideDialog items={items.filter((item) => picked.includes(item.id))} request={request} onClose={done} onSaved={changed} />}
          {doing === "extend" && (
            <ReasonDialog title={words.extend} help={words.extendHelp} action={words.extend} onClose={done}
              onSave={async (reason) => { await extendErasureRequest(request, reason); await changed(); }} />
          )}
          {doing === "close" && (
            <ConfirmDialog title={words.close} confirm={words.close} onClose={done} onConfirm={() => void attempt(() => closeErasureRequest(request)).then(changed)}>{words.closeHelp}</ConfirmDialog>
          )}
        </>
      )}
    </Content>
  );
}

function Facts({ request }: { request: ErasureRequest }) {
  const words = tLater().privacy;
  return (
    <dl class="facts">
      <dt>{words.received}</dt><dd>{formatDate(request.received_on)}</dd>
      <dt>{words.dueOn}</dt><dd>{formatDate(request.due_on)}</dd>
      {request.extension_reason && <><dt>{words.extended}</dt><dd>{request.extension_reason}</dd></>}
      {request.queries.length > 0 && <><dt>{words.searchFor}</dt><dd>{request.queries.join(", ")}</dd></>}
      {request.closed_at && <><dt>{words.closedState}</dt><dd>{formatTime(request.closed_at)}</dd></>}
      {request.batch !== null && <><dt>{words.batch}</dt><dd><a href={`/records/disposition/${request.batch}`}>#{request.batch}</a></dd></>}
    </dl>
  );
}

function Items({ items, picked, onPick }: { items: readonly ErasureItem[]; picked: readonly number[]; onPick: ((ids: number[]) => void) | null }) {
  const words = tLater().privacy;
  const text = tLater().records;
  return (
    <TableRegion label={text.document}>
      <TableHead columns={[...(onPick ? [""] : []), text.document, text.class, words.keptUntil, words.against, words.decision]} />
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            {onPick && (
              <td>
                <input type="checkbox" aria-label={t().search.selectRow(item.document?.title || `#${item.id}`)} checked={picked.includes(item.id)}
                  onChange={(event) => onPick(event.currentTarget.checked ? [...picked, item.id] : picked.filter((other) => other !== item.id))} />
              </td>
            )}
            {item.document ? <WeighedCells document={item.document} /> : <><td>#{item.id}</td><td /><td>{words.gone}</td><td /></>}
            <td>
              {words.decisions[item.decision]}{item.ground && <div class="small">{words.grounds[item.ground]}</div>}
              {item.reason && <div class="muted small">{item.reason}</div>}
              {item.outcome && <div class="muted small">{words.outcomes[item.outcome]}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

/** Proposes what the weighing says: to refuse where anything stands against it, else to erase. */
function DecideDialog({ items, request, onClose, onSaved }: { items: readonly ErasureItem[]; request: ErasureRequest; onClose: () => void; onSaved: () => Promise<void> }) {
  const against = items.find((item) => item.document?.ground)?.document?.ground ?? null;
  const [decision, setDecision] = useState<Decision>(against ? "refuse" : "erase");
  const [ground, setGround] = useState<RefusalGround>(against ?? "legal-duty");
  const [reason, setReason] = useState("");
  const words = tLater().privacy;
  const save = async () => {
    await decideErasure(request.id, items.map(({ id }) => id), decision, decision === "refuse" ? ground : null, reason.trim());
    await onSaved();
  };
  return (
    <FormDialog title={words.decide(items.length)} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <p class="muted">{words.decideHelp}</p>
          <Select label={words.decision} value={decision} onChange={(value) => setDecision(value as Decision)}
            options={(["erase", "refuse", "restrict"] as const).map((value) => ({ value, label: words.decisions[value] }))} />
          {decision === "refuse" && (
            <Select label={words.ground} value={ground} onChange={(value) => setGround(value as RefusalGround)}
              options={(["legal-duty", "archiving", "claims", "other"] as const).map((value) => ({ value, label: words.grounds[value] }))} />
          )}
          <ReasonField value={reason} onInput={setReason} error={problem("reason")} {...(decision === "refuse" && ground === "other" ? {} : { optional: true })} />
        </>
      )}
    </FormDialog>
  );
}
