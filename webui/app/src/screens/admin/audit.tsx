// The audit log for an auditor: signed checkpoints, and its entries, each proved in the browser itself.
import { useEffect, useId, useState } from "preact/hooks";
import { auditCheckpoints, auditEntries, auditFilter, auditKeys, auditQuery, consistencyProof, eraseDetail, inclusionProof, makeCheckpoint, type AuditFilter } from "../../api/audit";
import type { AuditCheckpoint, AuditEntry } from "../../api/types";
import { PersonField } from "../../components/choosers";
import { Banner, Button, Field, TextField } from "../../components/controls";
import { AsCsv, Download } from "../../components/download";
import { MoreParts } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatNumber, formatTime } from "../../i18n/format";
import { provesConsistency, provesInclusion } from "../../merkle";
import { location, setQuery, withQuery } from "../../router";
import { mayManageAccess, mayManageAccounts } from "../../state/session";
import { actionInWords, kindInWords, pageOf } from "../audit_words";
import { attempt, ReasonDialog, TableHead, TableRegion } from "../records/parts";

interface Verdict {
  good: boolean;
  text: string;
}

const load = async () => {
  const [checkpoints, keys] = await Promise.all([auditCheckpoints(), auditKeys()]);
  return { checkpoints, keys };
};

export function AuditTab() {
  const loaded = useLoaded(load);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [signing, setSigning] = useState(false);
  const sign = async () => {
    setSigning(true);
    await attempt(makeCheckpoint);
    await loaded.reload();
    setSigning(false);
  };
  return (
    <Content of={loaded}>
      {({ checkpoints, keys }) => (
        <>
          <div class="verdict" role="status">{verdict && <Banner kind={verdict.good ? "ok" : "danger"}>{verdict.text}</Banner>}</div>
          <Checkpoints checkpoints={checkpoints} keys={keys} signing={signing} onSign={() => void sign()} onVerdict={setVerdict} />
          <Entries checkpoints={checkpoints} signing={signing} onVerdict={setVerdict} />
        </>
      )}
    </Content>
  );
}

function Checkpoints({ checkpoints, keys, signing, onSign, onVerdict }: {
  checkpoints: readonly AuditCheckpoint[];
  keys: readonly string[];
  signing: boolean; // one is being made
  onSign: () => void;
  onVerdict: (verdict: Verdict) => void;
}) {
  const text = tLater().audit;
  const compare = (older: AuditCheckpoint, newer: AuditCheckpoint) => attempt(async () => {
    const proof = await consistencyProof(older.size, newer.size);
    const good = proof.from_root === older.root && proof.to_root === newer.root && provesConsistency(proof);
    onVerdict({ good, text: good ? text.consistent(formatNumber(older.size), formatNumber(newer.size)) : text.inconsistent });
  });
  return (
    <section class="stack">
      <div class="button-row">
        <h2 class="grow">{text.checkpoints}</h2>
        <Button disabled={signing} onClick={onSign}>{text.makeCheckpoint}</Button>
        <Download path="/audit/export">{text.exportLog}</Download>
      </div>
      <p class="muted">{text.checkpointsHelp}</p>
      {checkpoints.length === 0 ? <p>{text.noCheckpoints}</p> : (
        <TableRegion label={text.checkpoints}>
          <TableHead columns={[text.entriesCovered, text.signed, text.origin, ""]} />
          <tbody>
            {checkpoints.map((one, at) => {
              const older = checkpoints[at + 1];
              return (
                <tr key={one.size}>
                  <td>{formatNumber(one.size)}</td>
                  <td>{formatTime(one.at)}</td>
                  <td>{one.origin}</td>
                  <td>
                    <div class="actions">
                      <a class="button compact" href={`data:text/plain;charset=utf-8,${encodeURIComponent(one.note)}`} download={`${one.origin}-${one.size}.checkpoint`} aria-label={`${text.download} ${one.size}`}>{text.download}</a>
                      {older && <Button compact aria-label={`${text.consistency} ${one.size}`} onClick={() => void compare(older, one)}>{text.consistency}</Button>}
                    </div>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </TableRegion>
      )}
      <details><summary>{text.keys}</summary><pre class="small">{keys.join("\n")}</pre></details>
    </section>
  );
}

function Entries({ checkpoints, signing, onVerdict }: {
  checkpoints: readonly AuditCheckpoint[];
  signing: boolean; // then what an entry is proved against is not there yet
  onVerdict: (verdict: Verdict) => void;
}) {
  const filter = auditFilter(location.value.query);
  const address = withQuery("/audit", new URLSearchParams(Object.entries(auditQuery(filter)).map(([name, value]) => [name, String(value)])));
  const entries = useParts((cursor) => auditEntries(filter, cursor), `${address} ${checkpoints[0]?.size ?? 0}`);
  const [erasing, setErasing] = useState<AuditEntry | null>(null);
  const text = tLater().audit;
  const verify = (entry: AuditEntry) => attempt(async () => {
    const newest = checkpoints[0];
    if (!newest || newest.size < entry.sequence) {
      onVerdict({ good: false, text: text.notCovered });
      return;
    }
    const proof = await inclusionProof(entry.sequence, newest.size);
    const good = proof.root === newest.root && proof.sequence === entry.sequence && provesInclusion(proof);
    onVerdict({ good, text: good ? text.included(formatNumber(entry.sequence), formatNumber(newest.size)) : text.notIncluded });
  });
  return (
    <section class="stack">
      <div class="button-row"><h2 class="grow">{text.entries}</h2><AsCsv path={address} /></div>
      <EntryFilters filter={filter} known={entries.items ?? []} />
      <MoreParts of={entries}>
        {(items) => items.length === 0 ? <p>{text.noneFound}</p> : (
          <TableRegion label={text.entries}>
            <TableHead columns={[text.number, text.when, text.who, text.what, text.on, ""]} />
            <tbody>
              {items.map((entry) => (
                <tr key={entry.sequence}>
                  <td>{entry.sequence}</td>
                  <td class="nowrap">{formatTime(entry.at)}</td>
                  <td>{entry.account?.name ?? text.system}</td>
                  <td><What entry={entry} />{!entry.succeeded && <div class="small">{text.failed}</div>}{entry.reason && <div class="muted small">{entry.reason}</div>}{entry.withheld && <div class="muted small">{text.withheld}</div>}</td>
                  <td><On entry={entry} /></td>
                  <td>
                    <div class="actions">
                      <Button compact icon="check" disabled={signing || checkpoints.length === 0} aria-label={`${text.verify} ${entry.sequence}`} onClick={() => void verify(entry)}>{text.verify}</Button>
                      {mayManageAccounts.value && entry.client !== "" && <Button compact kind="quiet" aria-label={`${text.eraseDetail} ${entry.sequence}`} onClick={() => setErasing(entry)}>{text.eraseDetail}</Button>}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
        )}
      </MoreParts>
      {erasing && (
        <ReasonDialog title={`${text.eraseDetail}: ${erasing.sequence}`} help={text.eraseHelp} action={text.eraseDetail} onClose={() => setErasing(null)}
          onSave={async (reason) => { await eraseDetail(erasing.sequence, reason); await entries.reload(); }} />
      )}
    </section>
  );
}

/** In words, and the code that is filtered and quoted by. */
function What({ entry: { action } }: { entry: AuditEntry }) {
  const words = actionInWords(action);
  if (words === action) return <code>{action}</code>;
  return <><div>{words}</div><code class="muted small">{action}</code></>;
}

function On({ entry: { object, object_id: id, withheld } }: { entry: AuditEntry }) {
  const words = id > 0 ? `${kindInWords(object)} ${id}` : kindInWords(object);
  const page = withheld ? null : pageOf(object, id);
  return page ? <a href={page}>{words}</a> : <>{words}</>;
}

/** By whom, what, on what and when. The address holds it; the actions and objects that are in sight are offered. */
function EntryFilters({ filter, known }: { filter: AuditFilter; known: readonly AuditEntry[] }) {
  const text = tLater().audit;
  const by = filter.account === undefined ? null : known.find(({ account }) => account?.id === filter.account)?.account ?? { id: filter.account, name: String(filter.account) };
  const set = (name: keyof AuditFilter, value: string) => setQuery({ [name]: value.trim() }, true);
  return (
    <div class="button-row">
      {mayManageAccess.value && <PersonField label={text.who} value={by} placeholder={text.anyone} onPick={(person) => set("account", person ? String(person.id) : "")} />}
      <WordFilter label={text.what} value={filter.action ?? ""} known={known.map(({ action }) => action)} inWords={actionInWords} onSet={(value) => set("action", value)} />
      <WordFilter label={text.on} value={filter.object ?? ""} known={known.map(({ object }) => object)} inWords={kindInWords} onSet={(value) => set("object", value)} />
      <WordFilter label={text.itsNumber} value={String(filter.object_id ?? "")} known={[]} onSet={(value) => set("object_id", value)} />
      <TextField type="date" label={text.from} value={filter.from ?? ""} onInput={(day) => set("from", day)} />
      <TextField type="date" label={text.through} value={filter.through ?? ""} onInput={(day) => set("through", day)} />
    </div>
  );
}

/** Is set once it is left or Enter is pressed: half a word is no action. */
function WordFilter({ label, value, known, inWords, onSet }: {
  label: string;
  value: string;
  known: readonly string[];
  inWords?: (code: string) => string;
  onSet: (value: string) => void;
}) {
  const list = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <Field label={label}>
      {(control) => (
        <>
          <input {...control} class="input" list={list} maxLength={50} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} onChange={(event) => onSet(event.currentTarget.value)} />
          <datalist id={list}>{[...new Set(known)].sort().map((one) => <option key={one} value={one} label={inWords ? inWords(one) : one} />)}</datalist>
        </>
      )}
    </Field>
  );
}
