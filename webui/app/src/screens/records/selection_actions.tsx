// What records management offers for many picked documents at once.
import { useState } from "preact/hooks";
import { changeDocuments } from "../../api/bulk";
import { declareRecords } from "../../api/records";
import type { BulkChange, DocumentListItem } from "../../api/types";
import { Button } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { tLater, t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { refreshResults } from "../../state/search";
import { mayDeclare, mayEdit, mayManageAccess, mayManageHolds, mayManageRecords, mayTransfer } from "../../state/session";
import { showToast } from "../../state/toasts";
import { AccessDialog } from "./access_dialog";
import { ExportDialog } from "./export_dialog";
import { EventDialog } from "./events";
import { AddToHoldDialog } from "./hold_dialogs";
import { attempt } from "./parts";
import { filing, PlaceDialog } from "./place";
import { changeAndTell } from "../search/change";

interface Refusal {
  title: string;
  problem: string;
}

export function SelectionActions({ documents }: { documents: readonly DocumentListItem[] }) {
  const [doing, setDoing] = useState<"file" | "access" | "event" | "hold" | "export" | null>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [notChanged, setNotChanged] = useState<readonly Refusal[]>([]);
  const text = tLater().records;
  const done = () => setDoing(null);

  const change = async (wanted: BulkChange, told: (n: number, shown: string) => string) => {
    const report = await changeAndTell(documents.map(({ id }) => id), wanted, told);
    setNotChanged(report.refusals.map(({ document, problem }) => ({ title: document.title, problem })));
  };
  const record = async (name: string, date: string) => {
    const report = await changeDocuments(documents.map(({ id }) => id), { event: { name, date } });
    setNotChanged(report.refusals.map(({ document, problem }) => ({ title: document.title, problem })));
    if (report.changed > 0) showToast(tLater().retention.eventRecorded(report.changed));
    refreshResults(0);
  };
  const declare = () => attempt(async () => {
    const answers = await declareRecords(documents.map(({ id }) => id));
    const problems = answers.flatMap(({ id, problem }) => (problem ? [{ title: documents.find((one) => one.id === id)?.title ?? `#${id}`, problem }] : []));
    setRefused(problems);
    if (answers.length > problems.length) showToast(text.declared(answers.length - problems.length));
    refreshResults(0);
  });
  return (
    <>
      {mayEdit.value && <Button compact icon="records" onClick={() => setDoing("file")}>{text.fileThem}</Button>}
      {mayDeclare.value && <Button compact icon="shield" onClick={() => void declare()}>{text.declare}</Button>}
      {mayEdit.value && mayManageAccess.value && <Button compact icon="lock" onClick={() => setDoing("access")}>{tLater().bulk.setAccess}</Button>}
      {mayManageRecords.value && <Button compact icon="clock" onClick={() => setDoing("event")}>{text.recordEvent}</Button>}
      {mayManageHolds.value && <Button compact icon="hold" onClick={() => setDoing("hold")}>{text.placeOnHold}</Button>}
      {mayTransfer.value && <Button compact icon="download" onClick={() => setDoing("export")}>{text.exportPackage}</Button>}
      {doing === "file" && <PlaceDialog title={text.fileThem} onSave={(place) => change(filing(place), text.filed)} onClose={done} />}
      {doing === "access" && <AccessDialog onSave={(wanted, name) => change(wanted, (n, shown) => tLater().bulk.named(n, shown, name))} onClose={done} />}
      {doing === "event" && <EventDialog onClose={done} onSave={record} />}
      {doing === "hold" && (
        <AddToHoldDialog on={{ documents: documents.map(({ id }) => id) }} name={t().search.selected(documents.length)} onClose={done} onSaved={() => refreshResults(0)} />
      )}
      {doing === "export" && <ExportDialog what={{ documents: documents.map(({ id }) => id) }} name={nameOf(documents)} onClose={done} />}
      {refused.length > 0 && <RefusalsDialog title={text.notDeclared(refused.length)} refusals={refused} onClose={() => setRefused([])} />}
      {notChanged.length > 0 && <RefusalsDialog title={tLater().bulk.refusedTitle} refusals={notChanged} onClose={() => setNotChanged([])} />}
    </>
  );
}

function RefusalsDialog({ title, refusals, onClose }: { title: string; refusals: readonly Refusal[]; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <ul class="plain-list">{refusals.map(({ title: document, problem }) => <li key={document}><div class="grow"><strong>{document}</strong><div>{problem}</div></div></li>)}</ul>
    </Dialog>
  );
}

function nameOf(documents: readonly DocumentListItem[]): string {
  const [first, ...others] = documents;
  return first && others.length === 0 ? first.title : t().common.documents(documents.length, formatNumber(documents.length));
}
