import type { ComponentChild } from "preact";
import { EmptyState } from "../../components/controls";
import { tLater, t } from "../../i18n";
import { path } from "../../router";
import { mayManageAccess, mayManageAccounts, mayManagePlan, mayOperate, mayReadAudit } from "../../state/session";
import { AccessLists } from "./access_lists";
import { Accounts } from "./accounts";
import { AuditTab } from "./audit";
import { CustomFields } from "./custom_fields";
import { FilingRules } from "./filing_rules";
import { Groups } from "./groups";
import { MailTab } from "./mail";
import { Roles } from "./roles";
import { ScanStations } from "./scan_stations";
import { StatusTab } from "./status";
import { Vocabularies } from "./vocabularies";
import { Workflows } from "./workflows";

type Tab = "accounts" | "roles" | "groups" | "access" | "rules" | "names" | "fields" | "stations" | "mail" | "workflows" | "status" | "audit";

/** The tabs that the signed-in person's role opens. */
function openTabs(): Tab[] {
  return [
    ...(mayManageAccounts.value ? (["accounts", "roles", "groups", "stations"] as const) : []),
    ...(mayManageAccess.value ? (["access"] as const) : []),
    ...(mayManagePlan.value ? (["rules", "names", "fields"] as const) : []),
    ...(mayOperate.value ? (["mail", "workflows", "status"] as const) : []),
    ...(mayReadAudit.value ? (["audit"] as const) : []),
  ];
}

function tabName(tab: Tab): string {
  if (tab === "roles") return tLater().roles.tab;
  if (tab === "rules") return tLater().filing.tab;
  if (tab === "names") return tLater().vocabularies.tab;
  if (tab === "stations") return tLater().scan.stations;
  if (tab === "workflows") return tLater().workflows.tab;
  return tab === "fields" ? tLater().fields.tab : tLater().admin[tab];
}

export function AdminScreen() {
  const tabs = openTabs();
  const tab = tabs.find((name) => path.value === `/admin/${name}`) ?? tabs[0];
  if (!tab) return <EmptyState icon="lock" title={t().errors.notFoundTitle}>{t().errors.notFoundHelp}</EmptyState>;
  const content: Record<Tab, ComponentChild> = {
    accounts: <Accounts />, roles: <Roles />, groups: <Groups />, access: <AccessLists />, rules: <FilingRules />, names: <Vocabularies />, fields: <CustomFields />, stations: <ScanStations />, mail: <MailTab />, workflows: <Workflows />, status: <StatusTab />, audit: <AuditTab />,
  };
  return (
    <div class="page">
      <header><h1>{tLater().admin.title}</h1></header>
      <nav class="tabs" aria-label={tLater().admin.title}>
        {tabs.map((name) => <a key={name} href={`/admin/${name}`} aria-current={name === tab ? "page" : undefined}>{tabName(name)}</a>)}
      </nav>
      {content[tab]}
    </div>
  );
}
