import type { MoreMessages } from "./more_en";

export const finding: MoreMessages["finding"] = {
  scan: "Skanna papper",
  mailbox: "Gå igenom en brevlåda",
  archive: "För in ett befintligt arkiv",
  folder: "En mapp kan också bevakas: ange den med watch.folders i konfigurationen, eller ta in den en gång med muniment ingest.",
  without: (what: string, n: number, shown: string) => `Utan ${what} finns ${n === 1 ? "1 dokument" : `${shown} dokument`}`,
  inDocument: "Ord i detta dokument",
  endFinding: "Sluta söka i dokumentet",
  notUnderstood: {
    unknown_field: "Det fältet finns inte, så det som står före kolonet söktes som ett ord. Fälten är title, type, tag, correspondent, class, folder, created, added, filename, language, asn, barcode, id, related, has, is och field.NYCKEL.",
    unknown_value: "Efter has: och is: betyder bara vissa ord något, som i has:notes och is:record; efter related: ett dokuments nummer.",
    bad_date: "Ett datum gick inte att förstå och söktes som ord. Skriv created:2024, created:2024-03 eller created:2024-03..2024-06.",
    prefix_too_short: "Minst två bokstäver måste stå före en asterisk; den togs inte med.",
    unbalanced: "Ett citattecken eller en parentes är inte stängd; den antogs sluta där frågan slutar.",
    too_long: "Frågan är för lång; bara dess början söktes.",
  },
};
