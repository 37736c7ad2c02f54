// The page speaks through typed tables. A new language is a file and a line here: docs/translating.md.
import { signal } from "@preact/signals";
import { en, type Messages } from "./en";
import type { MoreMessages } from "./more_en";

interface Language {
  name: string;
  load: () => Promise<Messages>;
  loadMore: () => Promise<MoreMessages>;
  loadRefusals?: () => Promise<Record<string, string>>; // what the server says in English, by its words
}

const english: Language = { name: "English", load: async () => en, loadMore: async () => (await import("./more_en")).more };

export const languages: Record<string, Language> = {
  en: english,
  sv: {
    name: "Svenska", load: async () => (await import("./sv")).sv, loadMore: async () => (await import("./more_sv")).more,
    loadRefusals: async () => (await import("./refusals_sv")).refusals,
  },
};

export const language = signal("en");
const table = signal<Messages>(en);
const moreTable = signal<MoreMessages | null>(null);

/** The messages of the chosen language. Reading it inside a component makes the component follow the language. */
export function t(): Messages {
  return table.value;
}

/** The same of the parts that are loaded when they are first shown: components/later.tsx sees to it that it is there. */
export function tLater(): MoreMessages {
  const messages = moreTable.value;
  if (!messages) throw new Error("a part of the page that speaks so is shown by later()");
  return messages;
}

export async function loadMore(): Promise<void> {
  if (moreTable.value) return;
  const code = language.value;
  const messages = await (languages[code] ?? english).loadMore();
  if (code === language.value) moreTable.value = messages;
  else await loadMore();
}

let lastAsked = "";

/** The last call counts, whichever is answered first. A code that is not spoken here changes nothing. */
export async function setLanguage(code: string): Promise<void> {
  const chosen = languages[code];
  if (!chosen) return;
  lastAsked = code;
  const [messages, first] = await Promise.all([chosen.load(), moreTable.value ? chosen.loadMore() : null]);
  let others = first;
  while (moreTable.value && !others) others = await chosen.loadMore(); // a part that needs them was shown meanwhile
  if (lastAsked !== code) return;
  table.value = messages;
  moreTable.value = others;
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
