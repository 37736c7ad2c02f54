import type { MoreMessages } from "./more_en";

export const help: MoreMessages["help"] = {
  title: "Kortkommandon",
  singleKeys: "Använd enstaka tangenter",
  singleKeysHint: "Stäng av om de stör talinmatning eller andra hjälpmedel.",
  then: "sedan",
  queryTitle: "Att söka",
  query: [
    ["hyra faktura", "båda orden, i alla former"],
    ["\"trettio dagar\"", "orden i just den ordningen"],
    ["hyra OR arrende", "ettdera"],
    ["-utkast", "utan ordet"],
    ["faktu*", "ord som börjar så"],
    ["tag:viktigt  type:faktura", "i ett fält"],
    ["created:2024-03..2024-06", "dokumentdatum"],
    ["is:record  has:notes  is:superseded", "sorters dokument"],
    ["source:mail  sender:berg", "hur de kom in, och från vem"],
  ],
};

export const commands: MoreMessages["commands"] = {
  title: "Kommandon",
  placeholder: "Vad vill du göra?",
  none: "Det finns inget sådant kommando.",
};
