import type { MoreMessages } from "./more_en";

export const printing: MoreMessages["printing"] = {
  open: "Skriv ut blad…",
  title: "Skriv ut blad och etiketter",
  get: "Hämta PDF",
  what: "Vad",
  sheets: "Skiljeblad, att lägga mellan dokument i en skanner",
  labels: "Etiketter med löpnummer",
  count: "Hur många",
  countHint: "Tomt: ett ark etiketter.",
  code: "Streckkod",
  codeHint: "Tomt: den som arkivet är inställt på.",
  first: "Första numret",
  firstHint: "Tomt: ett mer än det största som ett dokument har.",
  sheet: "Papper",
  labelSheets: { "a4-3x8": "A4, 3 × 8 etiketter", "a4-2x7": "A4, 2 × 7 etiketter", "label-62x29": "Etikettskrivare, 62 × 29 mm" },
  symbol: "Kod",
  symbols: { qr: "QR-kod", code128: "Streck (Code 128)" },
};
