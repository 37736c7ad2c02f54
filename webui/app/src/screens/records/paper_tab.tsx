// The paper of one document: where it is, who has it, and how it ends.
import { useState } from "preact/hooks";
import { addPaper, cancelReservation, discardPaper, fetchPaper, movePaper, paperHistory, removePaper, reservePaper, returnPaper } from "../../api/paper";
import type { Document, Named, PaperFile } from "../../api/types";
import { Banner, Button, Checkbox } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { mayEdit, mayLend, mayManagePaper, session } from "../../state/session";
import { LabelDialog } from "./label_dialog";
import { LendDialog, RecallDialog, RenewDialog } from "./loan_dialogs";
import { DestroyedDialog } from "./paper_end";
import { attempt } from "./parts";
import { Movements } from "./movements";
import { BarcodeField, PlaceField, RelabelDialog } from "./place_dialogs";
import { CheckDialog, ScanChecks } from "./scan_checks";

/** `may_change` is about the right to change documents; with that to manage paper alone the server knows. */
const mayKeepPaper = (document: Document) => (mayEdit.value ? document.may_change : mayManagePaper.value);

export function PaperTab({ document }: { document: Document }) {
  const [version, setVersion] = useState(0);
  const [onPaper, setOnPaper] = useState(document.medium !== "digital");
  const reload = (paper: boolean) => { setOnPaper(paper); setVersion(version + 1); };
  if (!onPaper) return <NoPaper document={document} onAdded={() => reload(true)} />;
  return <PaperPart key={version} document={document} onRemoved={() => reload(false)} />;
}

function NoPaper({ document, onAdded }: { document: Document; onAdded: () => void }) {
  const [adding, setAdding] = useState(false);
  const [home, setHome] = useState<Named | null>(null);
  const [barcode, setBarcode] = useState("");
  const text = tLater().paper;
  return (
    <>
      <p class="muted">{text.notOnPaper}</p>
      {mayKeepPaper(document) && !document.is_record && !document.trashed_at && <Button icon="plus" onClick={() => setAdding(true)}>{text.addPaper}</Button>}
      {adding && (
        <FormDialog title={text.addPaper} onClose={() => setAdding(false)} onSave={async () => { await addPaper(document.id, home?.id ?? null, barcode.trim()); onAdded(); }}>
          {(problem) => (
            <>
              <p class="muted">{text.addPaperHelp}</p>
              <PlaceField label={text.home} value={home} error={problem("home")} onPick={setHome} />
              <BarcodeField value={barcode} onInput={setBarcode} error={problem("barcode")} />
            </>
          )}
        </FormDialog>
      )}
    </>
  );
}

type Doing = "lend" | "recall" | "renew" | "move" | "label" | "relabel" | "check" | "discard";

function PaperPart({ document, onRemoved }: { document: Document; onRemoved: () => void }) {
  const paper = useLoaded(() => fetchPaper(document.id));
  const [doing, setDoing] = useState<Doing | null>(null);
  const text = tLater().paper;
  const done = () => setDoing(null);
  const common = { document: document.id, title: document.title, onClose: done, onSaved: paper.reload };
  return (
    <Content of={paper}>
      {(file) => (
        <>
          {file.label === "outdated" && <Banner kind="warn" icon="tag">{text.labelOutdated}</Banner>}
          <Whereabouts file={file} />
          {!file.destruction && <Actions document={document} file={file} onDo={setDoing} onChanged={paper.reload} onRemoved={onRemoved} />}
          <Waiting file={file} onChanged={paper.reload} />
          {file.medium === "physical_and_digital" && <ScanChecks file={file} onDo={setDoing} />}
          <History key={file.version} document={document.id} />
          {doing === "lend" && <LendDialog {...common} />}
          {doing === "recall" && <RecallDialog {...common} />}
          {doing === "renew" && <RenewDialog {...common} />}
          {doing === "move" && <MoveDialog file={file} onClose={done} onSaved={paper.reload} />}
          {doing === "label" && <LabelDialog documents={[document.id]} locations={[]} onClose={done} onPrinted={paper.reload} />}
          {doing === "relabel" && <RelabelDialog what="documents" id={document.id} onClose={done} onSaved={paper.reload} />}
          {doing === "check" && <CheckDialog document={document} file={file} onClose={done} onSaved={paper.reload} />}
          {doing === "discard" && (
            <DestroyedDialog title={text.discard} onClose={done} onSave={async (on, method) => { await discardPaper(document.id, on, method); await paper.reload(); }} />
          )}
        </>
      )}
    </Content>
  );
}

function Whereabouts({ file }: { file: PaperFile }) {
  const text = tLater().paper;
  const { loan, destruction } = file;
  const place = file.current?.path ?? (file.missing_since ? text.missingSince(formatDate(file.missing_since)) : text.neverPlaced);
  return (
    <dl class="facts">
      <dt>{text.barcode}</dt><dd>{file.barcode || t().common.none}</dd>
      {destruction ? <><dt>{text.current}</dt><dd>{text.destroyedBy(formatDate(destruction.destroyed_on), destruction.confirmed_by?.name ?? "")} · {destruction.method}</dd></> : (
        <>
          <dt>{text.home}</dt><dd>{file.home?.path ?? text.nowhere}</dd>
          <dt>{text.current}</dt>
          <dd>
            {loan ? text.lentTo(loan.borrower, formatDate(loan.due_on)) : place}{" "}
            {loan?.overdue && <span class="badge danger">{text.overdue}</span>} {loan?.recalled_at && <span class="badge">{text.recalled}</span>}
          </dd>
        </>
      )}
    </dl>
  );
}

function Actions({ document, file, onDo, onChanged, onRemoved }: {
  document: Document;
  file: PaperFile;
  onDo: (what: Doing) => void;
  onChanged: () => Promise<void>;
  onRemoved: () => void;
}) {
  const text = tLater().paper;
  const self = session.value?.account.id;
  const waits = file.reservations.some(({ account }) => account.id === self);
  const mayRemove = mayKeepPaper(document) && file.medium === "physical_and_digital" && !document.is_record && !file.loan;
  return (
    <div class="button-row">
      {mayLend.value && !file.loan && <Button compact kind="primary" onClick={() => onDo("lend")}>{text.lend}</Button>}
      {mayLend.value && file.loan && (
        <>
          <Button compact kind="primary" onClick={() => void attempt(() => returnPaper(document.id, null), text.returned).then(onChanged)}>{text.takeBack}</Button>
          <Button compact onClick={() => onDo("recall")}>{text.recall}</Button>
          <Button compact onClick={() => onDo("renew")}>{text.renew}</Button>
        </>
      )}
      {!waits && file.loan?.account !== self && <Button compact onClick={() => void attempt(() => reservePaper(document.id), text.reserved).then(onChanged)}>{text.reserve}</Button>}
      {mayLend.value && !file.loan && <Button compact onClick={() => onDo("move")}>{text.move}</Button>}
      {mayLend.value && <Button compact icon="tag" onClick={() => onDo("label")}>{text.printLabel}</Button>}
      {mayManagePaper.value && <Button compact onClick={() => onDo("relabel")}>{text.relabel}</Button>}
      {mayRemove && <Button compact onClick={() => void attempt(() => removePaper(document.id)).then((gone) => { if (gone) onRemoved(); })}>{text.removePaper}</Button>}
    </div>
  );
}

function Waiting({ file, onChanged }: { file: PaperFile; onChanged: () => Promise<void> }) {
  const text = tLater().paper;
  if (file.reservations.length === 0) return null;
  return (
    <>
      <h3>{text.reservations}</h3>
      <ul class="plain-list">
        {file.reservations.map(({ id, account, available_at: since }) => (
          <li key={id}>
            <span class="grow">{account.name} <span class="muted small">{since ? text.available : text.waits}</span></span>
            {(mayLend.value || account.id === session.value?.account.id) && (
              <Button compact onClick={() => void attempt(() => cancelReservation(id)).then(onChanged)}>{text.cancelReservation}</Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function History({ document }: { document: number }) {
  const history = useLoaded(() => paperHistory(document));
  const text = tLater().paper;
  return (
    <Content of={history}>
      {({ movements }) => (
        <>
          <h3>{text.history}</h3>
          <Movements of={movements} />
        </>
      )}
    </Content>
  );
}

function MoveDialog({ file, onClose, onSaved }: { file: PaperFile; onClose: () => void; onSaved: () => Promise<void> }) {
  const [to, setTo] = useState<Named | null>(null);
  const [home, setHome] = useState(file.home === null);
  const text = tLater().paper;
  return (
    <FormDialog title={`${text.move}: ${file.document.title}`} action={text.move} onClose={onClose} onSave={async () => { await movePaper(file, to?.id ?? 0, home); await onSaved(); }}>
      {(problem) => (
        <>
          <PlaceField label={text.moveTo} value={to} error={problem("to")} onPick={setTo} required />
          <Checkbox label={text.belongsThere} checked={home} onChange={setHome} />
        </>
      )}
    </FormDialog>
  );
}
