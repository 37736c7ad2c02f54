import type { MoreMessages } from "./more_en";

export const activity: MoreMessages["activity"] = {
  title: "Aktivitet",
  lead: "Vad tjänsten arbetar med, och vad den gjorde nyss.",
  job: "Arbete",
  document: "Dokument",
  state: "Läge",
  when: "Började",
  kinds: {
    bulk: "Ändra många dokument",
    read: "Läsa texten",
    reindex: "Bygga om sökregistret",
    verify: "Kontrollera allt",
    sweep: "Ta bort överblivna filer",
    backup: "Säkerhetskopiera",
  },
  states: {
    queued: "Väntar",
    running: "Arbetar",
    waiting: "Behöver dig",
    done: "Klart",
    failed: "Misslyckades",
    cancelled: "Avbrutet",
  },
  open: "Pågår",
  finished: "Avslutat",
  cancel: "Avbryt",
  emptyTitle: "Inget pågår",
  emptyHelp: "Uppladdningar och annat som tar en stund syns här.",
  noDocument: "Hela arkivet",
};
