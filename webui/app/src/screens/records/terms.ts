// A schedule's terms in one sentence, and a period in its parts. Pure.
import type { ScheduleTerms, Trigger } from "../../api/types";
import { tLater } from "../../i18n";

export const triggerKinds = ["captured", "created", "declared", "folder-closed", "last-entry", "event", "date-field", "superseded"] as const;
export const cutoffs = ["none", "month", "quarter", "calendar-year", "fiscal-year"] as const;
export const units = ["days", "weeks", "months", "years"] as const;
export const actions = ["destroy", "transfer", "review", "permanent"] as const;
export const ruleKinds = ["minimum", "fixed", "maximum"] as const;
export type Unit = (typeof units)[number];

export interface Period {
  count: number;
  unit: Unit;
}

/** "7 years" as the server writes it; anything else is no years. */
export function readPeriod(text: string): Period {
  const [, count, word] = /^(\d+) (\w+)$/.exec(text) ?? [];
  const unit = units.find((candidate) => candidate === word || candidate === `${word ?? ""}s`);
  return count && unit ? { count: Number(count), unit } : { count: 0, unit: "years" };
}

export function writePeriod({ count, unit }: Period): string {
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

/** Whether the kind of trigger is one of many that a name tells apart. */
export function isNamed(kind: Trigger["kind"]): boolean {
  return kind === "event" || kind === "date-field";
}

/** For example "7 years after the end of the calendar year of the closing of the folder, then destroy". */
export function termsInWords(terms: ScheduleTerms): string {
  const text = tLater().records;
  if (terms.action === "permanent") return text.keptForEver;
  const { count, unit } = readPeriod(terms.period);
  const starts = terms.triggers.map(({ kind, name }) => (isNamed(kind) ? `“${name ?? ""}”` : text.triggers[kind]));
  const start = starts.length > 1 ? text.several[terms.combine](starts.join(", ")) : starts.join("");
  const after = terms.cutoff === "none" ? start : text.cutoffOf(text.ends[terms.cutoff], start);
  return text.terms(text.units[unit](count), after, text.dispositions[terms.action]);
}

/** As a change of `before` says it: what stays of the metadata is left out while it is the same, and stays so. */
export function changedTerms(before: ScheduleTerms, after: ScheduleTerms): ScheduleTerms {
  const { tombstone_fields: kept, ...others } = after;
  const same = JSON.stringify(kept ?? null) === JSON.stringify(before.tombstone_fields ?? null);
  return same ? others : after;
}
