import type { MoreMessages } from "./more_en";

export const uploads: MoreMessages["uploads"] = {
  notSent: (n, shown) => (n === 1 ? "Ytterligare 1 skickades inte." : `Ytterligare ${shown} skickades inte.`),
  listed: (n, shown) => (n === 1 ? "En av dem finns redan i listan." : `${shown} av dem finns redan i listan.`),
  unreadable: (n, shown) => (n === 1 ? "En fil eller mapp kunde inte läsas." : `${shown} filer och mappar kunde inte läsas.`),
  elapsed: (time) => `i ${time}`,
  placed: (n, shown, place) => (n === 1 ? `1 fil läggs i ${place}.` : `${shown} filer läggs i ${place}.`),
  unplaced: "Det som kom in väntar i inkorgen i stället.",
  to: (place) => `Till ${place}`,
  keepBoth: "Behåll båda",
};
