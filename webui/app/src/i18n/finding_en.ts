export const finding = {
  scan: "Scan paper",
  mailbox: "Look through a mailbox",
  archive: "Bring in an existing archive",
  folder: "A folder can be watched as well: name it with watch.folders in the configuration, or take it in once with muniment ingest.",
  without: (what: string, n: number, shown: string) => `Without ${what} there ${n === 1 ? "is 1 document" : `are ${shown} documents`}`,
  inDocument: "Words in this document",
  endFinding: "Stop looking for words in this document",
  notUnderstood: {
    unknown_field: "There is no such field, so what stands before the colon was looked for as a word. Fields are title, type, tag, correspondent, class, folder, created, added, filename, language, asn, barcode, id, related, has, is and field.KEY.",
    unknown_value: "After has: and is: only certain words mean something, as in has:notes and is:record; after related: the number of a document.",
    bad_date: "A date was not understood and was looked for as words. Write created:2024, created:2024-03 or created:2024-03..2024-06.",
    prefix_too_short: "At least two letters must stand before an asterisk; it was left out.",
    unbalanced: "A quotation mark or a parenthesis is not closed; it was taken to end where the query ends.",
    too_long: "The query is too long; only its beginning was looked for.",
  } as Record<string, string>,
};
