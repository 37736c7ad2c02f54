import type { MoreMessages } from "./more_en";

export const vocabularies: MoreMessages["vocabularies"] = {
  tab: "Namnlistor",
  lead: "Typer, korrespondenter och etiketter, med antalet dokument som du får läsa. Två som betyder detsamma blir en.",
  which: "Lista",
  names: { types: "Typer", correspondents: "Korrespondenter", tags: "Etiketter" },
  find: "Sök",
  none: "Inget med det namnet",
  documents: "Dokument",
  rename: "Byt namn",
  merge: "Slå ihop",
  mergeTitle: (name: string) => `Slå ihop ${name}`,
  mergeHelp: "Dess dokument och regler får det andra namnet, och det tas bort. Det kan inte ångras.",
  into: "Med",
  merged: (documents: number) => (documents === 1 ? "1 dokument ändrades" : `${documents} dokument ändrades`),
  deleteTitle: (name: string) => `Ta bort ${name}?`,
  deleteHelp: (documents: number) => (documents === 1 ? "Det tas bort från 1 dokument." : `Det tas bort från ${documents} dokument.`),
};
