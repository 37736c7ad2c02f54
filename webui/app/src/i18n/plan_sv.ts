import type { MoreMessages } from "./more_en";

export const plan: MoreMessages["plan"] = {
  load: "Läs in en plan…",
  loadTitle: "Läs in en klassificeringsplan med dess gallringsregler",
  what: "Vad",
  fromFile: "Från en CSV-fil",
  readyMade: { "general-en": "En plan för ett litet kontor, på engelska", "general-sv": "En plan för ett litet kontor, på svenska" },
  file: "CSV-fil",
  fileHelp: "Med samma kolumner som den exporterade planen har. Klasser och gallringsregler som redan finns under sin kod blir som de är.",
  loadIt: "Läs in",
  loaded: "Planen är inläst",
  made: (classes: string, schedules: string) => `Skapade: ${classes} klasser och ${schedules} gallringsregler.`,
  kept: (n: number, text: string) => `${text} fanns redan och förblir som ${n === 1 ? "den" : "de"} är.`,
  undeclared: "En mapp stängs när allt i den är handlingar.",
  undeclaredCount: (n: number, text: string) => `${text} dokument är inte ${n === 1 ? "förklarat" : "förklarade"}`,
  undeclaredUnseen: "Något i den är inte förklarat som du inte får läsa, eller som ännu inte går att hitta.",
  declareAndClose: "Förklara alla och stäng",
  findsNow: (_n: number, text: string) => `Den hittar nu ${text} dokument som du får läsa`,
  parent: "Klassen över",
  open: "Öppen",
};
