import type { MoreMessages } from "./more_en";

export const writing: MoreMessages["writing"] = {
  page: (n) => `Sida ${n} rättas`,
  unsaved: "inte sparat än",
  noteDeleted: "Anteckningen är borttagen.",
};
