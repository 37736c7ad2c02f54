import type { MoreMessages } from "./more_en";

export const sight: MoreMessages["sight"] = {
  title: "Vem kan se detta, och varför",
  own: "Dokumentet har en egen åtkomstlista:",
  ownPlace: "Här finns en egen behörighetslista:",
  ofFolder: (name: string) => `Som mappen ${name} säger:`,
  ofClass: (name: string) => `Som klassen ${name} säger:`,
  ofAll: "Varken det, dess mapp eller klass säger något annat, så listan för allt gäller:",
  list: (name: string) => `${name}.`,
  emptyGroup: "ingen är med i den",
  nobodyElse: "Ingen annan, inte ens administratörer.",
};
