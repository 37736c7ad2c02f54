// What the server says, found again among sentences that have places for what it fills in.

/** Sentences by the server's; {} stands for what is filled in there, in the same order in both. */
export class Sentences {
  private readonly known: ReadonlyMap<string, string>;
  private readonly patterns: { fits: RegExp; said: string }[]; // those that say most are first, those that begin with what is filled in last

  constructor(table: Record<string, string>) {
    this.known = new Map(Object.entries(table));
    const rank = (key: string) => key.length - 2 * key.split("{}").length - (key.startsWith("{}") ? 1000 : 0);
    this.patterns = Object.entries(table).filter(([key]) => key.includes("{}")).sort(([a], [b]) => rank(b) - rank(a))
      .map(([key, said]) => ({ fits: new RegExp(`^${key.split("{}").map(escaped).join("(.*?)")}$`, "s"), said }));
  }

  /** Null when the sentence is none of these. What is filled in may be one itself. */
  of(sentence: string): string | null {
    const whole = this.known.get(sentence);
    if (whole !== undefined) return whole;
    for (const { fits, said } of this.patterns) {
      const filled = fits.exec(sentence)?.slice(1);
      if (filled) return said.split("{}").reduce((text, next, index) => `${text}${this.of(filled[index - 1] ?? "") ?? filled[index - 1] ?? ""}${next}`);
    }
    return null;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
