import type { quarantine as english } from "./quarantine_en";

export const quarantine: typeof english = {
  title: "Karantän",
  lead: "Filer som inte gick att läsa. Originalen är i säkerhet, och inget annat väntar på dem.",
  reason: "Varför",
  retry: "Försök igen",
  fileWithoutText: "Arkivera utan text",
  download: "Hämta originalet",
  unlock: "Lås upp",
  retried: "Den läses igen",
  filed: "Arkiverad utan text",
  emptyTitle: "Inget i karantän",
  emptyHelp: "Alla filer gick att läsa.",
  locked: "Skyddad med lösenord",
  since: "Tillagd",
  ofPage: {
    missing: (why: string) => `Sidans text saknas: ${why}`,
    cut: (why: string) => `En del av sidans text saknas: ${why}`,
  },
};
