// Scanners that are not found by themselves: they are given by address.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { addNetworkScanner, listNetworkScanners, removeNetworkScanner } from "../../api/sources";
import type { NetworkScanner } from "../../api/types";
import { Button, Select, TextField } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";

const protocols = ["escl", "wsd", "saned"] as const;

export function NetworkScanners() {
  const loaded = useLoaded(listNetworkScanners);
  const [adding, setAdding] = useState(false);
  const text = tLater().sources;
  const remove = async (scanner: NetworkScanner) => {
    const { name, address, protocol } = scanner;
    try {
      await removeNetworkScanner(scanner);
      showToast(text.scannerRemoved(name), async () => { await addNetworkScanner({ name, address, protocol }); await loaded.reload(); });
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <section class="stack">
      <h2>{text.scanners}</h2>
      <p class="muted">{text.scannersLead}</p>
      <div class="button-row"><Button icon="plus" onClick={() => setAdding(true)}>{text.addScanner}</Button><AsCsv path="/network-scanners" /></div>
      <Content of={loaded}>
        {(scanners) => (
          <ul class="cards">
            {scanners.map((scanner) => (
              <li key={scanner.id} class="card">
                <span class="muted"><Icon name="scan" size={24} /></span>
                <div>
                  <div class="name">{scanner.name}</div>
                  <p class="muted small">{text.protocols[scanner.protocol]} · {scanner.address}</p>
                </div>
                <div class="actions"><Button compact icon="trash" aria-label={`${text.removeScanner} ${scanner.name}`} onClick={() => void remove(scanner)}>{text.removeScanner}</Button></div>
              </li>
            ))}
          </ul>
        )}
      </Content>
      <p class="muted small">{text.scannersHelp}</p>
      {adding && <AddScanner onClose={() => setAdding(false)} onAdded={loaded.reload} />}
    </section>
  );
}

function AddScanner({ onClose, onAdded }: { onClose: () => void; onAdded: () => Promise<void> }) {
  const [name, setName] = useState("");
  const [protocol, setProtocol] = useState<NetworkScanner["protocol"]>("escl");
  const [address, setAddress] = useState("");
  const text = tLater().sources;
  return (
    <FormDialog title={text.addScanner} onClose={onClose} onSave={async () => { await addNetworkScanner({ name, address, protocol }); await onAdded(); }}>
      {(problem) => (
        <>
          <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <Select label={text.protocol} value={protocol} options={protocols.map((value) => ({ value, label: text.protocols[value] }))}
            onChange={(chosen) => setProtocol(protocols.find((one) => one === chosen) ?? "escl")} />
          <TextField label={text.address} name="address" required autoCapitalize="none" hint={text.addressHints[protocol]} error={problem("address")} value={address} onInput={setAddress} />
        </>
      )}
    </FormDialog>
  );
}
