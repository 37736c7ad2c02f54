// A title with some of its words hidden.
export const mask = "*****";

/** Hides that word of the title, or shows it again; null when nothing is hidden. `masked` is what is shown so far. */
export function toggled(title: string, masked: string | null, word: number): string | null {
  const words = title.split(" ");
  const shown = (masked ?? title).split(" ");
  const before = shown.length === words.length ? shown : words; // written in other words: begins anew
  const after = before.map((text, at) => (at !== word ? text : text === mask ? words[at] ?? text : mask));
  const text = after.join(" ");
  return text === title ? null : text;
}

/** Whether that word of the title is hidden. */
export function isMasked(title: string, masked: string | null, word: number): boolean {
  const shown = (masked ?? title).split(" ");
  return shown.length === title.split(" ").length && shown[word] === mask;
}
