// The parts of administration.
import { tLater } from "../../i18n";
import { mayManageAccess, mayManageAccounts, mayManagePlan, mayOperate, mayReadAudit } from "../../state/session";

export type AdminTab = "accounts" | "roles" | "groups" | "access" | "rules" | "names" | "fields" | "stations" | "sources" | "mail" | "import" | "workflows" | "status" | "audit";

/** The tabs that the signed-in person's role opens. */
export function adminTabs(): AdminTab[] {
  return [
    ...(mayManageAccounts.value ? (["accounts", "roles", "groups", "stations"] as const) : []),
    ...(mayManageAccess.value ? (["access"] as const) : []),
    ...(mayManagePlan.value ? (["rules", "names", "fields"] as const) : []),
    ...(mayOperate.value ? (["sources", "mail", "import", "workflows", "status"] as const) : []),
    ...(mayReadAudit.value ? (["audit"] as const) : []),
  ];
}

export function adminTabName(tab: AdminTab): string {
  if (tab === "roles") return tLater().roles.tab;
  if (tab === "rules") return tLater().filing.tab;
  if (tab === "names") return tLater().vocabularies.tab;
  if (tab === "stations") return tLater().scan.stations;
  if (tab === "sources") return tLater().sources.tab;
  if (tab === "import") return tLater().imports.tab;
  if (tab === "workflows") return tLater().workflows.tab;
  return tab === "fields" ? tLater().fields.tab : tLater().admin[tab];
}
