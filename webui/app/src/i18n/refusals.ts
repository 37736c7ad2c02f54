// The server speaks English. Another language has a table of its sentences, which is loaded when the first is to be shown.
import { signal } from "@preact/signals";
import { language, languages } from "./index";

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

const loaded = signal<Record<string, Sentences>>({}); // by language

/** Without the table what the server says is shown as it is. */
export async function loadRefusals(): Promise<void> {
  const code = language.value;
  const load = languages[code]?.loadRefusals;
  if (!load || code in loaded.value) return;
  const table = await load().catch(() => null);
  if (table) loaded.value = { ...loaded.value, [code]: new Sentences(table) };
}

/** A sentence of the server in the language of the page, where it has one for it. */
export function translated(sentence: string): string | null {
  const sentences = loaded.value[language.value];
  if (!sentences) void loadRefusals(); // what shows it is drawn again
  const said = sentences?.of(sentence) ?? null;
  return said && said.charAt(0).toLocaleUpperCase(language.value) + said.slice(1);
}
