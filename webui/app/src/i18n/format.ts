// Dates, numbers and sizes as the chosen language writes them. Intl objects are costly to make: one of each is kept.
import { language } from "./index";

const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>();

function cached<T extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(kind: string, make: (locale: string) => T): T {
  const locale = language.value === "en" ? "en-GB" : language.value;
  const key = `${kind} ${locale}`;
  let format = formats.get(key) as T | undefined;
  if (!format) {
    format = make(locale);
    formats.set(key, format);
  }
  return format;
}

export function formatNumber(value: number): string {
  return cached("number", (locale) => new Intl.NumberFormat(locale)).format(value);
}

/** A civil date (YYYY-MM-DD), shown without any time zone. */
export function formatDate(date: string): string {
  const parsed = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime())) return date;
  return cached("date", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" })).format(parsed);
}

/** The name of a month, 1 to 12. */
export function monthName(month: number): string {
  return cached("month", (locale) => new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" })).format(new Date(Date.UTC(2000, month - 1, 1)));
}

/** A moment (RFC 3339), shown in the reader's time zone. */
export function formatTime(time: string): string {
  const parsed = new Date(time);
  if (Number.isNaN(parsed.getTime())) return time;
  return cached("time", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" })).format(parsed);
}

/** How long ago a moment was ("5 minutes ago"); older than a week as a date. */
export function formatAgo(time: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds)) return time;
  const relative = cached("relative", (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  const size = Math.abs(seconds);
  if (size < 45) return relative.format(0, "second");
  if (size < 45 * 60) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), "hour");
  if (size < 7 * 86400) return relative.format(Math.round(seconds / 86400), "day");
  return formatDate(new Date(time).toISOString());
}

export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const format = cached(`size${digits}`, (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  return `${format.format(value)} ${units[unit] ?? "B"}`;
}

export function formatPercent(share: number): string {
  return cached("percent", (locale) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 })).format(share);
}

const shortCodes: Record<string, string> = { swe: "sv", eng: "en", deu: "de", fra: "fr", fin: "fi", nor: "nb", dan: "da" };

/** The tag for an HTML lang attribute of a language that Tesseract names ("swe" → "sv"). */
export function htmlLanguage(code: string): string | undefined {
  return code ? shortCodes[code] ?? code : undefined;
}

/** The name of a language in the page's language ("sv" → "Swedish"), or the code where the browser knows no name. */
export function languageName(code: string): string {
  try {
    const locale = language.value === "en" ? "en-GB" : language.value;
    const name = new Intl.DisplayNames([locale], { type: "language" }).of(shortCodes[code] ?? code) ?? code;
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  } catch {
    return code;
  }
}
