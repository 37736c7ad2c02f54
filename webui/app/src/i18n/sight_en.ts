export const sight = {
  title: "Who can see this, and why",
  own: "This document has an access list of its own:",
  ownPlace: "It has an access list of its own:",
  ofFolder: (name: string) => `As the folder ${name} says:`,
  ofClass: (name: string) => `As the class ${name} says:`,
  ofAll: "Neither it nor its folder or class says anything else, so the list for everything holds:",
  list: (name: string) => `${name}.`,
  emptyGroup: "nobody is in it",
  nobodyElse: "Nobody else, not even administrators.",
};
