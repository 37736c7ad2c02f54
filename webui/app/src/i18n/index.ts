// The page speaks through one typed table a language. A new language is one file beside en.ts and one line here.
import { signal } from "@preact/signals";
import { en, type Messages } from "./en";

export const languages: Record<string, { name: string; load: () => Promise<Messages> }> = {
  en: { name: "English", load: async () => en },
  sv: { name: "Svenska", load: async () => (await import("./sv")).sv },
};

export const language = signal("en");
const table = signal<Messages>(en);

/** The messages of the chosen language. Reading it inside a component makes the component follow the language. */
export function t(): Messages {
  return table.value;
}

export async function setLanguage(code: string): Promise<void> {
  const chosen = languages[code];
  if (!chosen) return;
  const messages = await chosen.load();
  table.value = messages;
  language.value = code;
  document.documentElement.lang = code;
}

/** The first of the browser's languages that the page speaks, or English. */
export function preferredLanguage(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split("-")[0] ?? "";
    if (code in languages) return code;
  }
  return "en";
}
