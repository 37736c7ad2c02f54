import type { MoreMessages } from "./more_en";

export const relations: MoreMessages["relations"] = {
  title: "Dokument som hör ihop",
  add: "Koppla till ett annat",
  kind: "Det här dokumentet",
  document: "Dokumentet",
  names: { answers: "Besvarar", supersedes: "Ersätter", belongs_to: "Hör till", relates_to: "Har att göra med" },
  asList: "Visa som lista",
  reversedNames: { answers: "Besvaras av", supersedes: "Ersätts av", belongs_to: "Omfattar", relates_to: "Har att göra med" },
  remove: (title: string) => `Ta bort kopplingen till ${title}`,
  removed: "Kopplingen är borttagen",
};
