export const help = {
  title: "Keyboard shortcuts",
  singleKeys: "Use single-letter keys",
  singleKeysHint: "Switch this off if they get in the way of speech input or other tools.",
  then: "then",
  queryTitle: "Searching",
  query: [
    ["rent invoice", "both words, in any form"],
    ["\"thirty days\"", "these words in this order"],
    ["lease OR rent", "either"],
    ["-draft", "without the word"],
    ["invoi*", "words that begin so"],
    ["tag:urgent  type:invoice", "in one field"],
    ["created:2024-03..2024-06", "document date"],
    ["is:record  has:notes  is:superseded", "kinds of documents"],
    ["source:mail  sender:berg", "how they came in, and from whom"],
  ] as [string, string][],
};

export const commands = {
  title: "Commands",
  placeholder: "What do you want to do?",
  none: "No such command.",
};
