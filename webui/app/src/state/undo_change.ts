// Taking back a change of a document's metadata: what differs between before and after is set as it was, unless somebody
// has changed it since.
import { changeDocument, fetchDocument } from "../api/documents";
import type { Document, DocumentChange } from "../api/types";
import { tLater } from "../i18n";
import { reloadIfOpen } from "./document";
import { showToast } from "./toasts";

const fields: readonly ((document: Document) => DocumentChange)[] = [
  ({ title }) => ({ title }),
  ({ document_date }) => ({ document_date }),
  ({ type }) => ({ type: type?.id ?? null }),
  ({ correspondent }) => ({ correspondent: correspondent?.id ?? null }),
  ({ tags }) => ({ tags: tags.map(({ id }) => id) }),
  ({ language }) => (language ? { language } : {}),
  ({ class: inClass, folder }) => (folder ? { folder: folder.id } : { class: inClass?.id ?? null, folder: null }),
];

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function changedFields(before: Document, after: Document): DocumentChange["custom_fields"] {
  return before.custom_fields.filter(({ key, value }) => after.custom_fields.some((other) => other.key === key && other.value !== value))
    .map(({ key, value }) => ({ key, value }));
}

/** The change that makes `now` what `before` was, in all that the change from it to `after` touched; null where that was changed again. */
export function reverse(before: Document, after: Document, now: Document): DocumentChange | null {
  const touched = fields.filter((field) => !same(field(before), field(after)));
  const custom = changedFields(before, after) ?? [];
  const since = touched.some((field) => !same(field(after), field(now))) ||
    custom.some(({ key }) => after.custom_fields.find((field) => field.key === key)?.value !== now.custom_fields.find((field) => field.key === key)?.value);
  if (since) return null;
  return { ...Object.assign({}, ...touched.map((field) => field(before))) as DocumentChange, ...(custom.length > 0 ? { custom_fields: custom } : {}) };
}

/** Says that a document was changed, with a way back where there is something to take back. */
export function tellOfChange(before: Document, after: Document): void {
  if (Object.keys(reverse(before, after, after) ?? {}).length === 0) return;
  showToast(tLater().places.changed(after.title), () => takeBack(before, after));
}

async function takeBack(before: Document, after: Document): Promise<void> {
  try {
    const { data: now } = await fetchDocument(after.id);
    const change = reverse(before, after, now);
    if (change) await changeDocument(now, change);
    showToast(change ? tLater().places.changedBack(before.title) : tLater().places.changedSince);
  } finally {
    await reloadIfOpen(after.id);
  }
}
