export const sight = {
  title: "Who can see this, and why",
  own: "This document has an access list of its own:",
  ownPlace: "It has an access list of its own:",
  ofFolder: (name: string) => `As the folder ${name} says:`,
  ofClass: (name: string) => `As the class ${name} says:`,
  ofAll: "Neither it nor its folder or class says anything else, so the list for everything holds:",
  list: (name: string) => `${name}.`,
  emptyGroup: "nobody is in it",
  accessList: "Access list",
  asAbove: "As what is above it",
  reaches: (n: number, text: string) =>
    `You find ${text} ${n === 1 ? "document" : "documents"} in it. Those without a list of their own, and those in places below without one, are seen by whom this list names.`,
  accessChanged: (name: string) => `“${name}” has another access list`,
  accessAsBefore: (name: string) => `“${name}” has its access list of before`,
  notNow: "On the list, but not today:",
  nobodyElse: "Nobody else, not even administrators.",
};
