import type { upkeep as english } from "./upkeep_en";

export const upkeep: typeof english = {
  title: "Sköta arkivet",
  names: { verify: "Kontrollera allt", backup: "Säkerhetskopiera", reindex: "Bygga om sökregistret", sweep: "Ta bort överblivna filer" },
  helps: {
    verify: "Läser varje original och jämför det med vad som antecknades när det kom in, och ser på databasen, sökregistret och loggen. En gång i månaden är en god vana.",
    backup: "Kopierar allt medan tjänsten är i gång. Till en kopia som redan finns kopieras bara det som är nytt.",
    reindex: "Sökningen går vidare med det gamla registret tills det nya är klart.",
    sweep: "Filer som inte hör till något dokument, kvar efter något som avbröts på väg in, tas bort när de varit kända i en vecka. Det sker varje dag av sig självt.",
  },
  begin: { verify: "Kontrollera", backup: "Säkerhetskopiera…", reindex: "Bygg om", sweep: "Ta bort" },
  directory: "Mapp på servern",
  directoryHint: "En ny eller tom, eller en med en tidigare kopia, till exempel /mnt/backup/muniment. Helst på en annan disk.",
  unsound: "Något är fel",
  checked: (blobs, documents, entries) => `${blobs} original, ${documents} dokument och ${entries} poster i loggen är kontrollerade.`,
  found: (count) => `${count} iakttagelser. docs/operations.md säger vad man gör.`,
  copied: (blobs, copied) => `${blobs} original finns i kopian, ${copied} av dem nykopierade.`,
  indexed: (documents) => `${documents} dokument finns i sökregistret.`,
  swept: (removed, waiting) => `${removed} filer togs bort; ${waiting} är kvar tills de varit kända tillräckligt länge.`,
  sweepPaused: "Inget tas bort medan gallringen är pausad, efter att en säkerhetskopia återställts eller klockan hoppat.",
};
