// What was found on a document's pages, and which of it may be the value of one of the organisation's own fields. Pure.
import type { CustomField, CustomValue, FoundField } from "../api/types";
import { formatDate } from "../i18n/format";

export type PlacedField = FoundField & { box: [number, number, number, number] };

export function isPlaced(field: FoundField): field is PlacedField {
  return field.box.length === 4;
}

/** As it is told to people. */
export function foundText({ kind, value }: FoundField): string {
  return kind === "due_date" ? formatDate(value) : value;
}

/** What may be the field's value, each value once, the likeliest first: the greatest amount, which a bill's sum is, else what stands first. */
export function foundFor({ fill_from: kind }: Pick<CustomField, "fill_from">, found: readonly FoundField[]): FoundField[] {
  const fitting = found.filter((one) => one.kind === kind);
  const values = fitting.filter(({ value }, index) => fitting.findIndex((other) => other.value === value) === index);
  return kind === "amount" ? values.sort((one, other) => parseFloat(other.value) - parseFloat(one.value)) : values;
}

export interface FoundOffer {
  field: CustomValue;
  found: FoundField;
}

/** The likeliest value of each field that is empty and takes one. */
export function foundOffers(fields: readonly CustomValue[], found: readonly FoundField[]): FoundOffer[] {
  return fields.flatMap((field) => {
    const [likeliest] = field.value || field.closed || field.hidden ? [] : foundFor(field, found);
    return likeliest ? [{ field, found: likeliest }] : [];
  });
}
