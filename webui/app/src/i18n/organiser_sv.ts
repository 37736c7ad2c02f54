import type { MoreMessages } from "./more_en";

export const organiser: MoreMessages["organiser"] = {
  title: "Ordna sidor",
  lead: "Lägg sidor i en annan ordning, vrid dem, utelämna dem eller börja ett nytt dokument vid en sida. Originalfilerna behålls, och allt går att ångra.",
  add: "Ett annat dokument med sidor att lägga till",
  addPlaceholder: "Ord ur dess titel eller text",
  collate: "Varva: andra dokumentet är baksidorna",
  moreBacks: "Det finns fler baksidor än framsidor. Är de omvända?",
  back: "Ett steg tillbaka",
  save: (documents) => (documents === 1 ? "Gör ett dokument" : `Gör ${documents} dokument`),
  made: (documents) => (documents === 1 ? "Dokumentet är klart." : `${documents} dokument är klara.`),
  leftOut: (numbers) => `Ett dokument har ett löpnummer: utanför blev ${numbers}.`,
  page: (page: number, document: string) => `Sida ${page} av ${document}`,
  earlier: (page) => `${page}: tidigare`,
  later: (page) => `${page}: senare`,
  turn: (page) => `${page}: vrid`,
  remove: (page) => `${page}: utelämna`,
  start: (page) => `${page}: ett nytt dokument börjar här`,
  movedTo: (position: number, of: number) => `Nu sida ${position} av ${of}`,
  orderHelp: "Dra sidorna till en annan ordning, eller flytta dem med Alt och piltangenterna.",
};
