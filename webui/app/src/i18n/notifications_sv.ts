import type { MoreMessages } from "./more_en";

export const notifications: MoreMessages["notifications"] = {
  lead: "Vad andra gör med dokument och mappar som du följer, nya dokument i följda listor, och vad som väntar på dig.",
  none: "Inget nytt",
  noneHelp: "Följ ett dokument under Fil, en mapp i klassificeringsplanen, eller en sparad lista med dess klocka.",
  readAll: "Markera alla som lästa",
  more: "Visa fler",
  byMail: "Via e-post",
  mailAddress: "E-postadress",
  mailMe: "Skicka aviseringar till mig via e-post också",
  mailHelp: "Samlade under några minuter, med dokumentens titlar och länkar, aldrig med det som står i dem.",
  isNew: "Ny",
  follow: "Följ",
  unfollow: "Följ inte längre",
  disposition: "En gallring",
  kinds: {
    "new-document": "Nytt i en mapp som du följer",
    "new-version": "En ny version",
    changed: "Ändrat",
    filed: "Placerat eller flyttat",
    declared: "Fastställt som handling",
    "not-read": "Kunde inte läsas; se Karantän",
    "approval-asked": "Väntar på godkännande",
    "in-view": "Nytt i en lista som du följer",
  },
  names: {
    title: "titel", date: "datum", type: "typ", correspondent: "motpart", tags: "etiketter", language: "språk",
    class_id: "klass", folder_id: "mapp", access_list: "åtkomst", fields: "fält",
  },
};
