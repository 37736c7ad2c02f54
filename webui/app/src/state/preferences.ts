// What this browser remembers about how its user likes the page. Nothing here is secret; losing it costs nothing.
import { effect, signal, type Signal } from "@preact/signals";
import { language, preferredLanguage, setLanguage } from "../i18n";

export type Theme = "system" | "light" | "dark" | "contrast";

function read(key: string): string | null {
  try {
    return localStorage.getItem(`muniment.${key}`);
  } catch {
    return null; // storage may be switched off; the page then forgets between visits
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`muniment.${key}`, value);
  } catch {
    // as above
  }
}

function remembered(key: string, initial: boolean): Signal<boolean> {
  const stored = read(key);
  const preference = signal(stored === null ? initial : stored === "true");
  effect(() => write(key, String(preference.value)));
  return preference;
}

export const themes: readonly Theme[] = ["system", "light", "dark", "contrast"];
export const theme = signal<Theme>(themes.find((name) => name === read("theme")) ?? "system");
export const singleKeys = remembered("single-keys", true);
const roomy = matchMedia("(min-width: 1000px)").matches;
export const showFilters = remembered("filters", roomy);
export const compactList = remembered("compact-list", false);
export const showInfo = remembered("info", roomy);
export const showThumbnails = remembered("thumbnails", false);
export const dimPages = remembered("dim-pages", false);
export const showDoubtful = remembered("doubtful", false);
export const trayOpen = remembered("tray-open", true);

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const systemWantsContrast = matchMedia("(prefers-contrast: more)");

function applyTheme(): void {
  const followsSystem = theme.value === "system" || theme.value === "contrast";
  const { dataset } = document.documentElement;
  dataset["theme"] = theme.value === "dark" || (followsSystem && systemIsDark.matches) ? "dark" : "light";
  dataset["contrast"] = theme.value === "contrast" || (theme.value === "system" && systemWantsContrast.matches) ? "more" : "usual";
}

/** Applies theme and language before the first drawing, and keeps following them. */
export async function startPreferences(): Promise<void> {
  effect(applyTheme);
  effect(() => write("theme", theme.value));
  for (const wish of [systemIsDark, systemWantsContrast]) wish.addEventListener("change", applyTheme);
  await setLanguage(read("language") ?? preferredLanguage(navigator.languages));
  effect(() => write("language", language.value));
}
