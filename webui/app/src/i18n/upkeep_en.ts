export const upkeep = {
  title: "Looking after the archive",
  names: { verify: "Check everything", backup: "Back up", reindex: "Build the index anew" },
  helps: {
    verify: "Reads every original and compares it with what was noted when it came in, and looks at the database, the index and the audit log. Once a month is a good habit.",
    backup: "Copies everything while the service runs. Into a backup that is there only what is new is copied.",
    reindex: "Search goes on with the old index until the new one is ready.",
  },
  begin: { verify: "Check", backup: "Back up…", reindex: "Build anew" },
  directory: "Folder on the server",
  directoryHint: "A new or empty one, or one with an earlier backup, for example /mnt/backup/muniment. Best on another disk.",
  unsound: "Something is wrong",
  checked: (blobs: string, documents: string, entries: string) => `${blobs} originals, ${documents} documents and ${entries} entries of the log were checked.`,
  found: (count: string) => `${count} findings. docs/operations.md says what to do.`,
  copied: (blobs: string, copied: string) => `${blobs} originals are in the backup, ${copied} of them newly copied.`,
  indexed: (documents: string) => `${documents} documents are in the index.`,
};
