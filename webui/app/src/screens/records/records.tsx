// Records management: one screen, a tab a subject; what a role may not do is not offered.
import type { ComponentChild } from "preact";
import { TabLinks } from "../../components/tab_links";
import { t, tLater } from "../../i18n";
import { path } from "../../router";
import { BatchPage } from "./batch";
import { CertificatePage } from "./certificate";
import { Disposition } from "./disposition";
import { HoldPage } from "./hold";
import { Holds } from "./holds";
import { ImportPage, Packages } from "./packages";
import { Overview } from "./overview";
import { Paper } from "./paper";
import { Plan } from "./plan";
import { ErasurePage } from "./erasure";
import { Privacy } from "./privacy";
import { Reports } from "./reports";
import { Schedules } from "./schedules";
import { recordsTabs, type RecordsTab } from "./tabs";
import { TombstonePage, Tombstones } from "./tombstones";

export function RecordsScreen() {
  const tabs = recordsTabs();
  const [, , name, number, part] = path.value.split("/"); // "/records/TAB/ID/certificate"
  const tab = tabs.find((candidate) => candidate === name) ?? tabs[0] ?? "plan";
  return (
    <div class="page">
      <header><h1>{tabs.length > 1 ? tLater().records.title : t().nav.folders}</h1></header>
      {tabs.length > 1 && (
        <TabLinks label={tLater().records.title} tabs={tabs.map((each) => ({ href: `/records/${each}`, label: tLater().records.tabs[each], current: each === tab }))} />
      )}
      {tab === "paper" ? <Paper part={number ?? ""} id={Number(part) || 0} /> : content(tab, Number(number) || 0, part === "certificate")}
    </div>
  );
}

function content(tab: Exclude<RecordsTab, "paper">, id: number, certificate: boolean): ComponentChild {
  switch (tab) {
    case "overview": return <Overview />;
    case "reports": return <Reports />;
    case "privacy": return id ? <ErasurePage key={id} id={id} /> : <Privacy />;
    case "plan": return <Plan />;
    case "schedules": return <Schedules />;
    case "holds": return id ? <HoldPage key={id} id={id} /> : <Holds />;
    case "destroyed": return id ? <TombstonePage key={id} id={id} /> : <Tombstones />;
    case "packages": return id ? <ImportPage key={id} id={id} /> : <Packages />;
    case "disposition": return !id ? <Disposition /> : certificate ? <CertificatePage key={id} batch={id} /> : <BatchPage key={id} id={id} />;
  }
}
