// What can be done with all documents that match, also those that the list has not loaded.
import { useLayoutEffect, useState } from "preact/hooks";
import { explain } from "../../api/client";
import type { BulkChange } from "../../api/types";
import { Button, IconButton } from "../../components/controls";
import { Icon } from "../../components/icon";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { bindKeys } from "../../keys";
import { listQuery, pickNone, refreshResults, results } from "../../state/search";
import { mayDeclare, mayManageAccess, mayManageHolds, mayManageRecords, mayTransfer } from "../../state/session";
import { showToast } from "../../state/toasts";
import { AccessDialog } from "../records/access_dialog";
import { EventDialog } from "../records/events";
import { ExportDialog } from "../records/export_dialog";
import { HoldDialog } from "../records/hold_dialogs";
import { filing, PlaceDialog } from "../records/place";
import { changeWholeList } from "./change";
import { csvAddress } from "./lists";
import { NamingButtons } from "./naming";

export function BulkBar() {
  const [doing, setDoing] = useState<"file" | "access" | "event" | "hold" | "export" | null>(null);
  const text = tLater().bulk;
  const total = formatNumber(results.value?.total ?? 0);
  const close = () => setDoing(null);
  const attempt = (change: BulkChange) => void changeWholeList(change).catch((error: unknown) => showToast(explain(error)));
  const trash = () => attempt({ trash: true });
  const hold = () => {
    const { q, filters } = listQuery.value; // a hold knows words only
    if (q && filters.length === 0) setDoing("hold");
    else showToast(text.holdByWords);
  };
  const held = () => {
    showToast(tLater().records.isHeld(text.title));
    pickNone();
    refreshResults(0);
  };
  useLayoutEffect(() => bindKeys({ trash, move: () => setDoing("file"), ...(mayManageHolds.value ? { hold } : {}) }), []);
  return (
    <div class="selection-bar" role="toolbar" aria-label={text.title}>
      <span role="status">{text.chosen(total)}</span>
      <NamingButtons onChange={changeWholeList} />
      <Button compact icon="records" onClick={() => setDoing("file")}>{text.file}</Button>
      {mayDeclare.value && <Button compact icon="shield" onClick={() => attempt({ declare: true })}>{text.declare}</Button>}
      {mayManageAccess.value && <Button compact icon="lock" onClick={() => setDoing("access")}>{text.setAccess}</Button>}
      {mayManageRecords.value && <Button compact icon="clock" onClick={() => setDoing("event")}>{tLater().records.recordEvent}</Button>}
      {mayManageHolds.value && <Button compact icon="hold" onClick={hold}>{tLater().records.placeOnHold}</Button>}
      {mayTransfer.value && <Button compact icon="download" onClick={() => setDoing("export")}>{tLater().records.exportPackage}</Button>}
      <a class="button compact" href={csvAddress()} download><Icon name="download" size={16} />{tLater().lists.csv}</a>
      <Button compact icon="trash" onClick={trash}>{text.trash}</Button>
      <IconButton icon="close" small label={text.none} onClick={pickNone} />
      {doing === "file" && <PlaceDialog title={text.file} onClose={close} onSave={(place) => changeWholeList(filing(place))} />}
      {doing === "access" && <AccessDialog onClose={close} onSave={changeWholeList} />}
      {doing === "event" && <EventDialog onClose={close} onSave={(name, date) => changeWholeList({ event: { name, date } })} />}
      {doing === "export" && <ExportDialog what={{ list: listQuery.value }} name={t().common.documents(results.value?.total ?? 0, total)} onClose={close} />}
      {doing === "hold" && <HoldDialog hold={null} query={listQuery.value.q} onClose={close} onSaved={held} />}
    </div>
  );
}
