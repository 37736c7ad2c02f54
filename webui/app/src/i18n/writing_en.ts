export const writing = {
  page: (n: number) => `Page ${n}, being corrected`,
  unsaved: "not saved yet",
  noteDeleted: "The note is deleted.",
};
