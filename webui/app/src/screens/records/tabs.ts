// The parts of records management.
import { mayDeclare, mayHandlePrivacy, mayManageHolds, mayPropose, mayTransfer } from "../../state/session";

export type RecordsTab = "overview" | "reports" | "privacy" | "plan" | "schedules" | "holds" | "disposition" | "destroyed" | "packages" | "paper";

/** Those that the signed-in person's role opens. Who manages no records sees the file plan, to look for documents by their place. */
export function recordsTabs(): RecordsTab[] {
  if (!mayDeclare.value) return ["plan"];
  return [
    ...(mayPropose.value ? (["overview"] as const) : []),
    "plan",
    "schedules",
    ...(mayManageHolds.value ? (["holds"] as const) : []),
    ...(mayPropose.value ? (["disposition", "destroyed", "reports"] as const) : []),
    ...(mayTransfer.value ? (["packages"] as const) : []),
    ...(mayHandlePrivacy.value ? (["privacy"] as const) : []),
    "paper",
  ];
}
