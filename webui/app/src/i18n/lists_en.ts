export const lists = {
  title: "Saved lists",
  save: "Keep this list",
  csv: "As CSV",
  name: "Name",
  share: "Show it to everybody; each sees what they may read",
  sharedBy: (name: string) => `Shared by ${name}`,
  remove: (name: string) => `Delete the list ${name}`,
  open: (name: string) => `List: ${name}`,
  follow: (name: string) => `Tell me of new documents in ${name}`,
  deleted: (name: string) => `The list ${name} is deleted`,
};
