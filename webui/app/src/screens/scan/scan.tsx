// Paper from a scanner to documents. Address: /scan, /scan?id=SCAN; with kiosk=1 for the tablet beside the machine.
import { useEffect, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { listOpenScans, listProfiles, listScanners, startScan } from "../../api/scans";
import type { ScanPlanChange, ScanProfile } from "../../api/types";
import { Banner, Button, EmptyState, Select } from "../../components/controls";
import { PrintSheets } from "../../components/print_sheets";
import { Content, Screen } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { formatDate } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { mayManagePlan } from "../../state/session";
import { Photos } from "./photos";
import { PlanForm } from "./plan_form";
import { Profiles } from "./profiles";
import { ScanPages } from "./scan_pages";
import { tLater } from "../../i18n";

export function ScanScreen({ station = false }: { station?: boolean }) {
  const { query } = location.value;
  const id = Number(query.get("id"));
  const kiosk = station || query.get("kiosk") === "1";
  const text = tLater().scan;
  return (
    <Screen title={text.title} {...(kiosk ? {} : { lead: text.lead })}>
      <div class={kiosk ? "scan kiosk" : "scan"}>
        {Number.isInteger(id) && id > 0 ? <ScanPages key={id} id={id} kiosk={kiosk} onAgain={() => setQuery({ id: null })} /> : <Start kiosk={kiosk} />}
      </div>
    </Screen>
  );
}

function Start({ kiosk }: { kiosk: boolean }) {
  const text = tLater().scan;
  const scanners = useLoaded(() => listScanners(false));
  const profiles = useLoaded(listProfiles);
  const [chosen, setChosen] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const scanner = chosen || (scanners.data?.find((each) => !each.busy) ?? scanners.data?.[0])?.name || "";

  const start = async (profile: ScanProfile | null, plan: ScanPlanChange) => {
    setBusy(true);
    setProblem(null);
    try {
      const scan = await startScan(profile?.scanner || scanner, profile?.id ?? null, plan);
      setQuery({ id: String(scan.id) });
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const look = async () => {
    setBusy(true);
    setProblem(null);
    await listScanners(true).catch(setProblem);
    await scanners.reload();
    setBusy(false);
  };

  return (
    <>
      {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
      <Content of={scanners}>
        {(found) => (found.length === 0
          ? <EmptyState icon="scan" title={text.noScanner} actions={<Button kind="primary" icon="retry" disabled={busy} onClick={() => void look()}>{text.lookAgain}</Button>}>{text.noScannerHelp}</EmptyState>
          : (
            <>
              <Profiles profiles={profiles.data ?? []} busy={busy} scanners={found} mayChange={!kiosk && mayManagePlan.value} onStart={(profile) => void start(profile, {})} onChanged={profiles.reload} />
              {kiosk && profiles.data?.length === 0 && <Banner kind="warn" icon="scan">{text.noProfiles}{mayManagePlan.value && <>{" "}<a href="/scan">{text.toScan}</a></>}</Banner>}
              <div class="scan-bar">
                <Select label={text.scanner} value={scanner} options={found.map((each) => ({ value: each.name, label: each.busy ? text.busy(each.model) : `${each.vendor} ${each.model}` }))} onChange={setChosen} />
                <Button icon="retry" disabled={busy} onClick={() => void look()}>{text.lookAgain}</Button>
              </div>
              {!kiosk && <PlanForm key={scanner} scanner={scanner} busy={busy} mayKeep={mayManagePlan.value} onStart={(plan) => void start(null, plan)} onKept={profiles.reload} />}
            </>
          ))}
      </Content>
      {!kiosk && <Photos />}
      <OpenScans />
      {!kiosk && <div><PrintSheets /></div>}
      {!kiosk && <p><a class="target" href="/scan?kiosk=1">{text.kiosk}</a></p>}
    </>
  );
}

function OpenScans() {
  const text = tLater().scan;
  const [scans, setScans] = useState<Awaited<ReturnType<typeof listOpenScans>>>([]);
  useEffect(() => void listOpenScans().then(setScans, () => setScans([])), []);
  if (scans.length === 0) return null;
  return (
    <section>
      <h2>{text.open}</h2>
      <ul class="scan-open">
        {scans.map((scan) => (
          <li key={scan.id}>
            <Button icon="documents" onClick={() => setQuery({ id: String(scan.id) })}>{text.openScan(scan.pages.length, formatDate(scan.created_at))}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
