export const finding = {
  scan: "Scan paper",
  mailbox: "Look through a mailbox",
  folder: "A folder can be watched as well: name it with watch.folders in the configuration, or take it in once with muniment ingest.",
  without: (what: string, n: number, shown: string) => `Without ${what} there ${n === 1 ? "is 1 document" : `are ${shown} documents`}`,
};
