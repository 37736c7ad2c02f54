export const quarantine = {
  title: "Quarantine",
  lead: "Files that could not be read. Their originals are safe, and nothing else waits for them.",
  reason: "Why",
  retry: "Try again",
  fileWithoutText: "File without text",
  download: "Download the original",
  unlock: "Unlock",
  retried: "It will be read again",
  filed: "Filed without text",
  emptyTitle: "Nothing in quarantine",
  emptyHelp: "Every file could be read.",
  locked: "Protected by a password",
  since: "Added",
  ofPage: {
    missing: (why: string) => `The text of this page is missing: ${why}`,
    cut: (why: string) => `Part of the text of this page is missing: ${why}`,
  },
};
