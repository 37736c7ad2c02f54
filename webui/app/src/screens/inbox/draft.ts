// What stands in the form of the inbox before it is saved, and how suggestions get into it. Pure.
import type { Choice } from "../../components/picker";
import type { Document, DocumentChange, FilingSuggestion } from "../../api/types";

export interface Draft {
  title: string;
  date: string; // empty for none
  type: Choice | null;
  correspondent: Choice | null;
  tags: readonly Choice[];
  class: Choice | null; // null where a folder is chosen, which decides it
  folder: Choice | null;
}

export type Field = FilingSuggestion["field"];

/** From this confidence on a suggestion stands in the form from the beginning; what is less sure has to be taken. */
export const sureEnough = 0.9;

export function draftOf(document: Document): Draft {
  const { title, document_date: date, type, correspondent, tags, folder } = document;
  const place = document.class && !folder ? { id: document.class.id, name: `${document.class.code} ${document.class.title}` } : null;
  return { title, date: date ?? "", type, correspondent, tags, class: place, folder: folder && { id: folder.id, name: folder.title } };
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
  return change;
}
