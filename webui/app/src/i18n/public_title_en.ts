export const publicTitle = {
  title: "Public title",
  help: "It stands in place of the title in what is kept after destruction, where more people may read. Press the words to hide, or write another.",
  hide: "Words to hide",
};
