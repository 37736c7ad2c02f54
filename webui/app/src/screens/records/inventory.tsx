// One inventory: a field that a scanner types into (text and Enter), and what does not agree with the catalogue.
import { useRef, useState } from "preact/hooks";
import { acceptFindings, allFindings, fetchInventory, findingsFrom, finishInventory, scanCodes } from "../../api/paper";
import type { Finding, Inventory } from "../../api/types";
import { Button } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { attempt, TableHead, TableRegion } from "./parts";

const shownScans = 10;

export function InventoryPage({ id }: { id: number }) {
  const inventory = useLoaded(() => fetchInventory(id));
  const findings = useParts((cursor) => findingsFrom(id, cursor), String(id));
  const reload = async () => { await Promise.all([inventory.reload(), findings.reload()]); };
  const [finishing, setFinishing] = useState(false);
  const text = tLater().paper;
  return (
    <Content of={inventory}>
      {(shown) => (
        <>
          <h2>{shown.location.path}</h2>
          <p class="muted">
            {text.started} {formatDate(shown.started_at)} · {shown.started_by} · {text.scanned(shown.scanned)}
            {shown.finished_at && ` · ${text.finished} ${formatDate(shown.finished_at)}`}
          </p>
          {!shown.finished_at && <ScanField id={id} onScanned={reload} />}
          {!shown.finished_at && <div class="button-row"><Button kind="primary" onClick={() => setFinishing(true)}>{text.finish}</Button></div>}
          <MoreParts of={findings}>{(some) => <Findings inventory={shown} findings={some} more={findings.more !== null} onAccepted={reload} />}</MoreParts>
          {finishing && (
            <FormDialog title={text.finish} action={text.finish} onClose={() => setFinishing(false)} onSave={async () => { await finishInventory(id); await reload(); }}>
              {() => <p>{text.finishHelp}</p>}
            </FormDialog>
          )}
        </>
      )}
    </Content>
  );
}

function ScanField({ id, onScanned }: { id: number; onScanned: () => Promise<void> }) {
  const [last, setLast] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const waiting = useRef(Promise.resolve()); // one after the other: the order of a box and its files matters
  const text = tLater().paper;
  const take = (codes: string[]) => {
    if (codes.length === 0) return;
    setLast((before) => [...[...codes].reverse(), ...before].slice(0, shownScans));
    waiting.current = waiting.current.then(async () => {
      await attempt(async () => { await scanCodes(id, codes); });
      await onScanned();
    });
  };
  const linesOf = (content: string) => content.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); take(linesOf(typed)); setTyped(""); }}>
      <label class="field">
        <span class="label">{text.scanHere}</span>
        <input class="input" name="scan" autoFocus autoComplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <span class="hint">{text.scanHint}</span>
      </label>
      <label class="field">
        <span class="label">{text.scanFile}</span>
        <input class="input" type="file" accept="text/plain,.txt,.csv" onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void file.text().then((content) => take(linesOf(content)));
        }} />
      </label>
      <p class="muted" role="status">{last.length > 0 && `${text.lastScans}: ${last.join(", ")}`}</p>
    </form>
  );
}

/** Those that may be accepted and are not yet. */
function openOf(findings: readonly Finding[]): number[] {
  return findings.flatMap(({ id, kind, accepted_at: accepted }) => (id !== null && kind !== "unknown" && !accepted ? [id] : []));
}

/** `more`: there are others that are not shown. */
function Findings({ inventory, findings, more, onAccepted }: { inventory: Inventory; findings: readonly Finding[]; more: boolean; onAccepted: () => Promise<void> }) {
  const text = tLater().paper;
  const open = openOf(findings);
  const accept = (ids: number[]) => attempt(() => acceptFindings(inventory.id, ids), text.accepted).then(onAccepted);
  const acceptAll = () => attempt(async () => { await acceptFindings(inventory.id, openOf(await allFindings(inventory.id))); }, text.accepted).then(onAccepted);
  return (
    <>
      <div class="button-row">
        <h3 class="grow">{text.findings}</h3>
        {open.length > (more ? 0 : 1) && <Button compact onClick={() => void acceptAll()}>{text.acceptAll}</Button>}
      </div>
      {findings.length === 0 ? <p class="muted">{text.noFindings}</p> : (
        <TableRegion label={text.findings}>
          <TableHead columns={[text.kind, text.barcode, text.title, text.expected, text.found, ""]} />
          <tbody>
            {findings.map((finding) => (
              <tr key={`${finding.kind} ${finding.code}`}>
                <td>{text.findingKinds[finding.kind]}</td>
                <td>{finding.code}</td>
                <td>{finding.document ? <a href={`/?doc=${finding.document.id}&tab=paper`}>{finding.document.title}</a> : finding.location?.path}</td>
                <td>{finding.expected?.path}</td>
                <td>{finding.found?.path}</td>
                <td>
                  {finding.accepted_at ? <span class="badge">{text.accepted}</span>
                    : finding.id !== null && finding.kind !== "unknown" && <Button compact onClick={() => void accept([finding.id ?? 0])}>{text.accept}</Button>}
                </td>
              </tr>
            ))}
          </tbody>
        </TableRegion>
      )}
    </>
  );
}
