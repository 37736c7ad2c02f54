export const relations = {
  title: "Related documents",
  add: "Relate it to another",
  kind: "This document",
  document: "Document",
  names: { answers: "Answers", supersedes: "Supersedes", belongs_to: "Belongs to", relates_to: "Has to do with" },
  asList: "Show as a list",
  reversedNames: { answers: "Is answered by", supersedes: "Is superseded by", belongs_to: "Includes", relates_to: "Has to do with" },
  remove: (title: string) => `Remove the relation to ${title}`,
  removed: "The relation is removed",
};
