// One hold: its scope, who knows of it, and everything it ever held.
import { useState } from "preact/hooks";
import { fetchFolder } from "../../api/file_plan";
import { fetchHold, heldDocuments, holdDocuments, holdFolder, releaseHold } from "../../api/records";
import type { Hold, Named } from "../../api/types";
import { FolderField } from "../../components/choosers";
import { Button, TextField } from "../../components/controls";
import { Download } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater, t } from "../../i18n";
import { formatDate, formatNumber, formatTime } from "../../i18n/format";
import { HoldDialog } from "./hold_dialogs";
import { numbersIn, ReasonDialog, TableHead, TableRegion } from "./parts";

type Doing = "change" | "documents" | "folder" | "release" | "release-some";

export function HoldPage({ id }: { id: number }) {
  const hold = useLoaded(() => fetchHold(id));
  const [doing, setDoing] = useState<Doing | null>(null);
  const [picked, setPicked] = useState<readonly number[]>([]);
  const [changes, setChanges] = useState(0);
  const text = tLater().records;
  const done = () => setDoing(null);
  const changed = async () => {
    setPicked([]);
    setChanges(changes + 1);
    await hold.reload();
  };
  return (
    <Content of={hold}>
      {(now) => (
        <>
          <div>
            <a href="/records/holds">‹ {text.tabs.holds}</a>
            <h2>{now.title} {now.released_at && <span class="badge">{text.released}</span>} {now.confidential && <span class="badge">{text.confidential}</span>}</h2>
          </div>
          <HoldFacts key={`${now.id} ${now.folders.length}`} hold={now} />
          {!now.released_at && (
            <div class="button-row">
              <Button compact icon="edit" onClick={() => setDoing("change")}>{t().common.edit}</Button>
              <Button compact icon="plus" onClick={() => setDoing("documents")}>{text.addDocuments}</Button>
              <Button compact icon="plus" onClick={() => setDoing("folder")}>{text.addFolder}</Button>
              <Button compact kind="danger" onClick={() => setDoing("release")}>{text.releaseHold}</Button>
              {picked.length > 0 && <Button compact kind="danger" onClick={() => setDoing("release-some")}>{text.releaseSome(picked.length)}</Button>}
            </div>
          )}
          <div class="button-row">
            <Download path={`/holds/${id}/report.pdf`}>{text.reportAsPdf}</Download>
            <Download path={`/holds/${id}/report.csv`}>{text.asCsv}</Download>
          </div>
          <HeldTable changes={changes} id={id} picked={picked} onPick={now.released_at ? null : setPicked} />
          {doing === "change" && <HoldDialog hold={now} onClose={done} onSaved={() => void changed()} />}
          {doing === "documents" && <AddDocuments hold={now} onClose={done} onSaved={changed} />}
          {doing === "folder" && <AddFolder hold={now} onClose={done} onSaved={changed} />}
          {doing === "release" && (
            <ReasonDialog title={text.releaseHold} help={text.releaseHelp} action={text.release} onClose={done}
              onSave={async (reason) => { await releaseHold(now, reason); await changed(); }} />
          )}
          {doing === "release-some" && (
            <ReasonDialog title={text.releaseSome(picked.length)} action={text.release} onClose={done}
              onSave={async (reason) => { await releaseHold(now, reason, [...picked]); await changed(); }} />
          )}
        </>
      )}
    </Content>
  );
}

/** One that the person may not read is named by its number only. */
async function folderName(id: number): Promise<string> {
  return fetchFolder(id).then(({ title }) => title, () => `#${id}`);
}

function HoldFacts({ hold }: { hold: Hold }) {
  const text = tLater().records;
  const names = useLoaded(() => Promise.all(hold.folders.map(folderName))).data ?? [];
  return (
    <dl class="facts">
      <dt>{text.reason}</dt><dd>{hold.reason}</dd>
      <dt>{text.placed}</dt><dd>{formatTime(hold.placed_at)}{hold.placed_by && ` · ${hold.placed_by.name}`}</dd>
      {hold.query && <><dt>{text.holdQuery}</dt><dd><a href={`/?q=${encodeURIComponent(hold.query)}`}>{hold.query}</a></dd></>}
      {names.length > 0 && <><dt>{text.folders}</dt><dd>{names.join(", ")}</dd></>}
      <dt>{text.held}</dt><dd>{text.heldNow(hold.held, formatNumber(hold.held))}{hold.released > 0 && ` · ${text.releasedCount(formatNumber(hold.released))}`}</dd>
      {hold.custodians.length > 0 && (
        <>
          <dt>{text.custodians}</dt>
          <dd>
            {hold.custodians.map(({ account, acknowledged_at, reminded_on: reminded }) => (
              <div key={account.id}>{account.name}: {acknowledged_at ? text.acknowledgedOn(formatDate(acknowledged_at)) : text.notAcknowledged}{reminded && ` · ${text.remindedOn(formatDate(reminded))}`}</div>
            ))}
          </dd>
        </>
      )}
      {hold.released_at && <><dt>{text.released}</dt><dd>{formatTime(hold.released_at)} · {hold.release_reason}</dd></>}
    </dl>
  );
}

/** `changes` rises when it may hold others. */
function HeldTable({ id, changes, picked, onPick }: { id: number; changes: number; picked: readonly number[]; onPick: ((ids: number[]) => void) | null }) {
  const held = useParts((cursor) => heldDocuments(id, cursor), String(changes));
  const text = tLater().records;
  return (
    <MoreParts of={held}>
      {(items) => (items.length === 0 ? <p class="muted">{text.nothingHeld}</p> : (
        <TableRegion label={text.held}>
          <TableHead columns={[...(onPick ? [""] : []), text.document, text.origin, text.state]} />
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                {onPick && (
                  <td>
                    {!item.released_at && (
                      <input type="checkbox" aria-label={t().search.selectRow(item.title || `#${item.id}`)} checked={picked.includes(item.id)}
                        onChange={(event) => onPick(event.currentTarget.checked ? [...picked, item.id] : picked.filter((other) => other !== item.id))} />
                    )}
                  </td>
                )}
                <td>{item.exists && item.title ? <a href={`/?doc=${item.id}`}>{item.title}</a> : `#${item.id}`}</td>
                <td>{text.origins[item.origin]} · {formatDate(item.added_at)}</td>
                <td>{!item.exists ? text.destroyed : item.released_at ? `${text.released} ${formatDate(item.released_at)}` : text.held}</td>
              </tr>
            ))}
          </tbody>
        </TableRegion>
      ))}
    </MoreParts>
  );
}

function AddDocuments({ hold, onClose, onSaved }: { hold: Hold; onClose: () => void; onSaved: () => Promise<void> }) {
  const [numbers, setNumbers] = useState("");
  const text = tLater().records;
  return (
    <FormDialog title={text.addDocuments} action={text.placeHold} onClose={onClose} onSave={async () => { await holdDocuments(hold.id, numbersIn(numbers)); await onSaved(); }}>
      {(problem) => <TextField label={text.documentNumbers} hint={text.documentNumbersHint} name="documents" required error={problem("documents")} value={numbers} onInput={setNumbers} />}
    </FormDialog>
  );
}

function AddFolder({ hold, onClose, onSaved }: { hold: Hold; onClose: () => void; onSaved: () => Promise<void> }) {
  const [folder, setFolder] = useState<Named | null>(null);
  const text = tLater().records;
  return (
    <FormDialog title={text.addFolder} action={text.placeHold} onClose={onClose} onSave={async () => { await holdFolder(hold.id, folder?.id ?? 0); await onSaved(); }}>
      {(problem) => <FolderField label={text.folder} required value={folder} error={problem("folder")} onPick={setFolder} />}
    </FormDialog>
  );
}
