import type { MoreMessages } from "./more_en";

export const sources: MoreMessages["sources"] = {
  tab: "Källor",
  lead: "Allt som för in dokument av sig självt. Bevakade mappar, inlämningsmappar och mottagning av e-post ställs in i konfigurationen (watch.folders, dav.drop_folders, mail.listen).",
  none: "Inget kommer in av sig självt än",
  noneHelp: "Lägg upp en brevlåda på fliken E-post, eller en bevakad mapp i konfigurationen (watch.folders).",
  scannersHelp: "Skannrar som inte hittas av sig själva anges i SANE:s mapp, som nyckeln scanners.configuration pekar ut (annars /etc/sane.d): datorer som delar ut en skanner i net.conf, skannrar i nätverket med sin adress i airscan.conf.",
  states: { well: "Fungerar", waiting: "Något väntar", failing: "Fungerar inte", off: "Avstängd" },
  since: (time) => `sedan ${time}`,
  last: (ago) => `senast ${ago}`,
  never: "inget än",
  lastWeek: (count) => `${count} på sju dagar`,
  waiting: (count) => `${count} väntar`,
  scansWaiting: (count) => (count === 1 ? "1 skanning är inte arkiverad" : `${count} skanningar är inte arkiverade`),
  failed: (count) => `${count} misslyckade`,
  retry: "Försök igen",
  retryBegins: "Nytt försök görs nu",
  show: "Vad som misslyckades",
  failedTitle: (name) => `Vad som misslyckades i ${name}`,
  newest: (shown, all) => `De ${shown} senaste av ${all}.`,
};
