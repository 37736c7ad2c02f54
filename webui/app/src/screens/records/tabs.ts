// The parts of records management.
import { mayApprove, mayDeclare, mayHandlePrivacy, mayLend, mayManageHolds, mayManagePaper, mayManageSchedules, mayPropose, mayTransfer } from "../../state/session";

export type RecordsTab = "overview" | "reports" | "privacy" | "plan" | "schedules" | "holds" | "disposition" | "destroyed" | "packages" | "paper";

/** Those that the signed-in person's role opens. Who manages no records sees the file plan, to look for documents by their place. */
export function recordsTabs(): RecordsTab[] {
  return [
    ...(mayPropose.value ? (["overview"] as const) : []),
    "plan",
    ...(mayDeclare.value || mayManageSchedules.value ? (["schedules"] as const) : []),
    ...(mayManageHolds.value ? (["holds"] as const) : []),
    ...(mayPropose.value || mayApprove.value ? (["disposition"] as const) : []),
    ...(mayPropose.value ? (["destroyed", "reports"] as const) : []),
    ...(mayTransfer.value ? (["packages"] as const) : []),
    ...(mayHandlePrivacy.value ? (["privacy"] as const) : []),
    ...(mayDeclare.value || mayLend.value || mayManagePaper.value ? (["paper"] as const) : []),
  ];
}

/** Whether there is more than the file plan. */
export function managesRecords(): boolean {
  return recordsTabs().length > 1;
}
