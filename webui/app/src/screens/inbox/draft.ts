// What stands in the form of the inbox before it is saved, and how suggestions get into it. Pure.
import type { Choice } from "../../components/picker";
import type { CustomField, CustomValue, Document, DocumentChange, FilingSuggestion } from "../../api/types";

export interface Draft {
  title: string;
  date: string; // empty for none
  type: Choice | null;
  correspondent: Choice | null;
  tags: readonly Choice[];
  class: Choice | null; // null where a folder is chosen, which decides it
  folder: Choice | null;
  fields: Readonly<Record<string, FieldDraft>>; // the organisation's own, by key, that were changed
}

export interface FieldDraft {
  value: string; // empty: none
  shown: string;
}

export type Field = FilingSuggestion["field"];

/** From this confidence on a suggestion stands in the form from the beginning; what is less sure has to be taken. */
export const sureEnough = 0.9;

export function draftOf(document: Document): Draft {
  const { title, document_date: date, type, correspondent, tags, folder } = document;
  const place = document.class && !folder ? { id: document.class.id, name: `${document.class.code} ${document.class.title}` } : null;
  return { title, date: date ?? "", type, correspondent, tags, class: place, folder: folder && { id: folder.id, name: folder.title }, fields: {} };
}

/** The draft with the suggestion in it. */
export function taken(draft: Draft, { field, value }: FilingSuggestion): Draft {
  switch (field) {
    case "tag": return draft.tags.some((tag) => tag.id === value.id) ? draft : { ...draft, tags: [...draft.tags, value] };
    case "folder": return { ...draft, folder: value, class: null };
    default: return { ...draft, [field]: value };
  }
}

function isFilled(draft: Draft, { field, value }: FilingSuggestion): boolean {
  if (field === "tag") return draft.tags.some((tag) => tag.id === value.id);
  return draft[field] !== null || (field === "class" && draft.folder !== null);
}

/** What is still to be taken or turned down, the likeliest first: one of each field, and every tag. */
export function offers(draft: Draft, suggestions: readonly FilingSuggestion[]): FilingSuggestion[] {
  const open = suggestions.filter((suggestion) => !isFilled(draft, suggestion)).sort((one, other) => other.confidence - one.confidence);
  return open.filter((suggestion, index) => suggestion.field === "tag" || open.findIndex((other) => other.field === suggestion.field) === index);
}

/** The document as it is with those suggestions that are sure enough. */
export function draftFor(document: Document, suggestions: readonly FilingSuggestion[]): Draft {
  const sure = suggestions.filter(({ confidence }) => confidence >= sureEnough);
  return offers(draftOf(document), sure).reduce(taken, draftOf(document));
}

/** A draft that was begun when the document was as in `before`, for what it is now: what was not touched is as it is now. */
export function carriedOver(before: Draft, draft: Draft, now: Draft): Draft {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const touched = (Object.keys(draft) as (keyof Draft)[]).filter((field) => !same(before[field], draft[field]));
  const place = touched.includes("class") || touched.includes("folder") ? (["class", "folder"] as const) : []; // one decides the other
  return { ...now, ...Object.fromEntries([...touched, ...place].map((field) => [field, draft[field]])) };
}

/** The suggestion that a chosen value came from. */
export function origin(field: Field, chosen: Choice | null, suggestions: readonly FilingSuggestion[]): FilingSuggestion | undefined {
  return chosen ? suggestions.find((suggestion) => suggestion.field === field && suggestion.value.id === chosen.id) : undefined;
}

/** The fields of the type that the draft says, as they are filled in, the required ones first; and those that the document has. */
export function ownFields(all: readonly CustomField[], document: Document, draft: Draft): CustomValue[] {
  const type = draft.type?.id;
  const filled = all.flatMap((field): CustomValue[] => {
    const has = document.custom_fields.find(({ key }) => key === field.key);
    const use = field.uses.find((each) => each.type !== null && each.type.id === type) ?? field.uses.find((each) => each.type === null);
    if (!has?.value && !has?.hidden && (!use || field.closed)) return [];
    const begins = type !== document.type?.id && !field.closed ? use?.preset ?? "" : ""; // what the service gives it with its new type
    const typed = draft.fields[field.key];
    const { key, name, kind, choices, closed, fill_from } = field;
    return [{
      key, name, kind, choices, closed, fill_from, required: !closed && (use?.required ?? false), hidden: has?.hidden ?? false,
      value: (typed ? typed.value : has?.value ?? begins) || null, shown: typed ? typed.shown : has?.value ? (kind === "person" || kind === "document" ? has.shown : has.value) : begins,
    }];
  });
  return filled.sort((one, other) => Number(other.required) - Number(one.required));
}

/** The change that takes filing back, as far as a field that the document must have can be without a value. */
export function changeBack(before: Document, filed: Document): DocumentChange {
  const fields = filed.custom_fields.flatMap(({ key, value }) => {
    const then = before.custom_fields.find((field) => field.key === key);
    const without = then?.required && then.value === null;
    return value === (then?.value ?? null) || without ? [] : [{ key, value: then?.value ?? null }];
  });
  return { ...changeOf(filed, draftOf(before)), ...(fields.length > 0 ? { custom_fields: fields } : {}) };
}

/** What has to be changed of the document so that it is as the draft says. Every choice has an identifier. */
export function changeOf(document: Document, draft: Draft): DocumentChange {
  const change: DocumentChange = {};
  const title = draft.title.trim();
  if (title !== document.title) change.title = title;
  if (draft.date !== (document.document_date ?? "")) change.document_date = draft.date || null;
  for (const field of ["type", "correspondent", "folder"] as const) {
    const id = draft[field]?.id ?? null;
    if (id !== (document[field]?.id ?? null)) change[field] = id;
  }
  const place = draft.class?.id ?? null;
  if (draft.folder === null && (place !== (document.class?.id ?? null) || change.folder === null)) change.class = place;
  const tags = draft.tags.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const before = document.tags.map(({ id }) => id);
  if (tags.length !== before.length || tags.some((id) => !before.includes(id))) change.tags = tags;
  const fields = Object.entries(draft.fields).map(([key, { value }]) => ({ key, value: value.trim() || null }));
  if (fields.length > 0) change.custom_fields = fields;
  return change;
}
