// Devices that may scan and nothing else.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { createStation, listStations, revokeStation } from "../../api/scans";
import type { NewScanStation, ScanStation } from "../../api/types";
import { Banner, Button, EmptyState, TextField } from "../../components/controls";
import { copyText } from "../../components/copy";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { QrCode } from "../../components/qr_code";
import { PrintSheets } from "../../components/print_sheets";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatAgo } from "../../i18n/format";
import { showToast } from "../../state/toasts";

export function ScanStations() {
  const stations = useLoaded(listStations);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewScanStation | null>(null);
  const [revoking, setRevoking] = useState<ScanStation | null>(null);
  const text = tLater().scan;
  const revoke = async (station: ScanStation) => {
    await revokeStation(station).catch((error: unknown) => showToast(explain(error)));
    await stations.reload();
  };
  return (
    <>
      <p class="muted">{text.stationsLead}</p>
      <div><Button kind="primary" icon="plus" onClick={() => setMaking(true)}>{text.newStation}</Button> <PrintSheets /></div>
      <Content of={stations}>
        {(all) => (all.length === 0 ? <EmptyState icon="scan" title={text.noStations} /> : (
          <ul class="cards">
            {all.map((station) => (
              <li key={station.id} class="card">
                <span class="muted"><Icon name="scan" size={24} /></span>
                <div>
                  <div class="name">{station.name}</div>
                  <p class="muted small">{station.last_seen_at ? text.stationSeen(formatAgo(station.last_seen_at)) : text.stationNeverSeen}</p>
                </div>
                <div class="actions"><Button compact aria-label={`${text.stationRevoke} ${station.name}`} onClick={() => setRevoking(station)}>{text.stationRevoke}</Button></div>
              </li>
            ))}
          </ul>
        ))}
      </Content>
      {making && <NewStation onClose={() => setMaking(false)} onMade={(station) => { setMade(station); void stations.reload(); }} />}
      {made && (
        <Dialog title={text.newStation} onClose={() => setMade(null)} footer={<Button kind="primary" icon="copy" onClick={() => copyText(made.address)}>{t().panel.copyText}</Button>}>
          <Banner kind="warn">{text.stationOnce}</Banner>
          <QrCode rows={made.qr_code} label={text.stationQr} />
          <code class="secret" data-station="">{made.address}</code>
        </Dialog>
      )}
      {revoking && <ConfirmDialog title={text.stationRevokeTitle(revoking.name)} confirm={text.stationRevoke} onClose={() => setRevoking(null)} onConfirm={() => void revoke(revoking)}>{text.stationRevokeHelp}</ConfirmDialog>}
    </>
  );
}

function NewStation({ onClose, onMade }: { onClose: () => void; onMade: (station: NewScanStation) => void }) {
  const [name, setName] = useState("");
  const text = tLater().scan;
  return (
    <FormDialog title={text.newStation} onClose={onClose} onSave={async () => onMade(await createStation(name))}>
      {(problem) => <TextField label={text.stationName} hint={text.stationNameHint} name="name" required value={name} error={problem("name")} onInput={setName} />}
    </FormDialog>
  );
}
