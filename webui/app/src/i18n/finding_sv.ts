import type { MoreMessages } from "./more_en";

export const finding: MoreMessages["finding"] = {
  scan: "Skanna papper",
  mailbox: "Gå igenom en brevlåda",
  folder: "En mapp kan också bevakas: ange den med watch.folders i konfigurationen, eller ta in den en gång med muniment ingest.",
  without: (what: string, n: number, shown: string) => `Utan ${what} finns ${n === 1 ? "1 dokument" : `${shown} dokument`}`,
};
