import type { ComponentChild } from "preact";
import { EmptyState } from "../../components/controls";
import { TabLinks } from "../../components/tab_links";
import { tLater, t } from "../../i18n";
import { path } from "../../router";
import { AccessLists } from "./access_lists";
import { Accounts } from "./accounts";
import { ArchiveImports } from "./archive_imports";
import { AuditTab } from "./audit";
import { CustomFields } from "./custom_fields";
import { FilingRules } from "./filing_rules";
import { Groups } from "./groups";
import { MailTab } from "./mail";
import { Roles } from "./roles";
import { ScanStations } from "./scan_stations";
import { Sources } from "./sources";
import { StatusTab } from "./status";
import { adminTabName, adminTabs, type AdminTab } from "./tabs";
import { Vocabularies } from "./vocabularies";
import { Workflows } from "./workflows";

export function AdminScreen() {
  const tabs = adminTabs();
  const tab = tabs.find((name) => path.value === `/admin/${name}`) ?? tabs[0];
  if (!tab) {
    return (
      <div class="page">
        <h1 class="visually-hidden">{tLater().admin.title}</h1>
        <EmptyState icon="lock" title={t().errors.notFoundTitle}>{t().errors.notFoundHelp}</EmptyState>
      </div>
    );
  }
  const content: Record<AdminTab, ComponentChild> = {
    accounts: <Accounts />, roles: <Roles />, groups: <Groups />, access: <AccessLists />, rules: <FilingRules />, names: <Vocabularies />, fields: <CustomFields />, stations: <ScanStations />, sources: <Sources />, mail: <MailTab />, import: <ArchiveImports />, workflows: <Workflows />, status: <StatusTab />, audit: <AuditTab />,
  };
  return (
    <div class="page">
      <header><h1>{tLater().admin.title}</h1></header>
      <TabLinks label={tLater().admin.title} tabs={tabs.map((name) => ({ href: `/admin/${name}`, label: adminTabName(name), current: name === tab }))} />
      {content[tab]}
    </div>
  );
}
