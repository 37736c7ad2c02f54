const s = (n: number, one: string, other: string) => (n === 1 ? one : other);

// The due list and the lists behind the figures of the overview.
export const standings = {
  allActions: "All",
  onlyOverdue: "Only what is past its last day",
  proposeAll: (text: string, action: string) => `Propose all ${text} that are free (${action})…`,
  oneActionAtATime: "A batch has one action: choose the action to take more at once.",
  count: (n: number, text: string) => `${text} ${s(n, "record", "records")}`,
  none: "There is none",
  declaredOn: "Declared",
  deadline: "To be gone after",
  unscheduledHelp: "Nothing is declared without a schedule; these have lost theirs. They are kept until they, their folder or their class have one again.",
  notDeclaredHelp: "What was filed where filing declares. Each is tried again when it, its schedule or the rules for its fields have changed.",
  lastTried: "Last tried",
};
