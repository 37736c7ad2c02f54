import type { MoreMessages } from "./more_en";

export const sight: MoreMessages["sight"] = {
  title: "Vem kan se detta, och varför",
  own: "Dokumentet har en egen åtkomstlista:",
  ownPlace: "Här finns en egen åtkomstlista:",
  ofFolder: (name: string) => `Som mappen ${name} säger:`,
  ofClass: (name: string) => `Som klassen ${name} säger:`,
  ofAll: "Varken det, dess mapp eller klass säger något annat, så listan för allt gäller:",
  list: (name: string) => `${name}.`,
  emptyGroup: "ingen är med i den",
  accessList: "Åtkomstlista",
  asAbove: "Som det som står över",
  reaches: (_n: number, text: string) =>
    `Du hittar ${text} dokument i den. De som inte har en egen lista, och de i platser under som inte har någon, ses av dem som listan nämner.`,
  accessChanged: (name: string) => `”${name}” har en annan åtkomstlista`,
  accessAsBefore: (name: string) => `”${name}” har sin tidigare åtkomstlista`,
  notNow: "På listan, men inte i dag:",
  nobodyElse: "Ingen annan, inte ens administratörer.",
};
