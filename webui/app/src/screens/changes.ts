// What an entry of the audit log tells of before and after, name by name, in words for people. Pure.

export interface Change {
  name: string;
  before: string | null; // null: nothing is told of before
  after: string;
}

const longest = 300; // characters of a value that are shown

function inWords(value: unknown): string {
  if (value === null || value === undefined) return "";
  const words = typeof value === "string" ? value
    : Array.isArray(value) ? value.map(inWords).join(", ")
    : typeof value === "object" ? Object.entries(value).map(([name, part]) => `${name} ${inWords(part)}`).join(", ")
    : String(value);
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}

function parts(value: unknown): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value === null || value === undefined ? new Map<string, unknown>() : new Map([["", value]]);
  return new Map(Object.entries(value));
}

/** What differs; all that is told of after where nothing is told of before. */
export function changesOf(old: unknown, now: unknown): Change[] {
  const before = parts(old);
  const after = parts(now);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, before: before.size === 0 ? null : inWords(before.get(name)), after: inWords(after.get(name)) }))
    .filter((change) => change.before !== change.after && !(change.before === null && change.after === ""));
}
