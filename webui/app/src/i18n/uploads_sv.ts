import type { MoreMessages } from "./more_en";

export const uploads: MoreMessages["uploads"] = {
  notSent: (n, shown) => (n === 1 ? "Ytterligare 1 skickades inte." : `Ytterligare ${shown} skickades inte.`),
};
