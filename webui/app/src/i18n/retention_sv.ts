// Dokumenthantering, fortsättning: förhandsvisning av ändringar, händelser för många handlingar, rapporter, på svenska.
import type { MoreMessages } from "./more_en";

const objectNames: Record<string, string> = {
  document: "handling", tombstone: "gallrad handling", folder: "ärende", class: "klass", schedule: "gallringsregel", hold: "gallringsstopp", batch: "gallringsomgång",
  import: "mottaget paket", "erasure-request": "begäran", account: "konto", role: "roll", group: "grupp", "access-list": "åtkomstlista", correspondent: "korrespondent",
  type: "typ", tag: "etikett", "custom-field": "eget fält", "filing-rule": "arkivregel", workflow: "arbetsflöde", mailbox: "brevlåda", location: "plats",
  "scan-profile": "skanningsprofil", "work-folder": "arbetsmapp", "archive-import": "import av ett arkiv",
};

export const retention: MoreMessages["retention"] = {
  moved: "Handlingar som skulle flyttas",
  now: "Nu",
  then: "Sedan",
  why: "Varför",
  goneAfter: (day) => `ska vara borta efter ${day}`,
  places: "Andra ställen där det står",
  placeOf: "Hos",
  placeField: "Var",
  placeText: "Vad det står",
  longText: "En lång text: se den där",
  objectNumber: (object, id) => `${objectNames[object] ?? object} ${id}`,
  waiting: "I väntan på en händelse",
  nothingWaits: "Ingen handling väntar på något.",
  waitingTotal: (n) => `${n} handlingar, de som väntat längst först.`,
  waitsFor: "Väntar på",
  waitsSince: "Sedan",
  loans: "Lån",
  loanList: "Visa lånen",
  loanFigures: { out: "Utlånade", overdue: "Försenade", recalled: "Återkallade", reserved: "Reserverade" },
  pages: "sidorna",
  pagesHint: "Till exempel 1-3, 5",
  pagesWrong: (last) => `Sidor från 1 till ${last}, till exempel 1-3, 5`,
  coverage: (seen, of, needed) => `${seen} av ${of} sidor har jämförts med papperet; ${needed} behövs innan det får kasseras`,
  scanRule: "Sidor av en skanning att jämföra innan papperet kasseras, i procent",
  scanRuleHint: "0: en godkänd kontroll räcker, vad den än omfattade",
  scanRuleIs: (percent) => `${percent} % av sidorna i en skanning jämförs innan papperet kasseras.`,
  ruleSaved: "Regeln är sparad",
  moreRecords: "Fler handlingar",
  eventRecorded: (n) => `Händelsen är noterad på ${n} ${n === 1 ? "handling" : "handlingar"}`,
};
