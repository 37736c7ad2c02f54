const s = (n: number, one: string, other: string) => (n === 1 ? one : other);

// Loading a file plan, closing a folder, and what a query finds before it is kept.
export const plan = {
  load: "Load a plan…",
  loadTitle: "Load a file plan with its schedules",
  what: "What",
  fromFile: "From a CSV file",
  readyMade: { "general-en": "A plan for a small office, in English", "general-sv": "A plan for a small office, in Swedish" } as Record<string, string>,
  file: "CSV file",
  fileHelp: "With the columns that “Plan as CSV” has. Classes and schedules that are there under their code stay as they are.",
  loadIt: "Load it",
  loaded: "The plan is loaded",
  made: (classes: string, schedules: string) => `Made: ${classes} classes and ${schedules} schedules.`,
  kept: (n: number, text: string) => `${text} ${s(n, "was there already and stays as it is", "were there already and stay as they are")}.`,
  undeclared: "A folder is closed when all in it is a record.",
  undeclaredCount: (n: number, text: string) => `${text} ${s(n, "document is", "documents are")} not declared`,
  undeclaredUnseen: "Something in it is not declared that you may not read, or that is not found yet.",
  declareAndClose: "Declare all and close",
  findsNow: (n: number, text: string) => `It finds ${text} ${s(n, "document", "documents")} now that you may read`,
  parent: "Class above",
  open: "Open",
};
