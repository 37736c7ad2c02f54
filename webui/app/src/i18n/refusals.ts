// The server speaks English. Another language has a table of its sentences, which is loaded when the first is to be shown.
import { signal } from "@preact/signals";
import { language, languages } from "./index";
import type { Sentences } from "./sentences";

const loaded = signal<Record<string, Sentences>>({}); // by language

/** Without the table what the server says is shown as it is. */
export async function loadRefusals(): Promise<void> {
  const code = language.value;
  const load = languages[code]?.loadRefusals;
  if (!load || code in loaded.value) return;
  const parts = await Promise.all([load(), import("./sentences")]).catch(() => null);
  if (parts) loaded.value = { ...loaded.value, [code]: new parts[1].Sentences(parts[0]) };
}

/** A sentence of the server in the language of the page, where it has one for it. */
export function translated(sentence: string): string | null {
  const sentences = loaded.value[language.value];
  if (!sentences) void loadRefusals(); // what shows it is drawn again
  const said = sentences?.of(sentence) ?? null;
  return said && said.charAt(0).toLocaleUpperCase(language.value) + said.slice(1);
}
