// What the codes of the audit log (docs/audit.md) mean to people.
import { tLater } from "../i18n";

/** What was done; the code itself where there are no words for it. */
export function actionInWords(action: string): string {
  const key = action.replace(/\W/g, "_");
  const { history, auditWords } = tLater();
  const others: Record<string, string> = auditWords.actions;
  return history.actions[key] ?? others[key] ?? action;
}

/** What kind of thing it was done with; the code itself where there are no words for it. */
export function kindInWords(object: string): string {
  const kinds: Record<string, string> = tLater().auditWords.kinds;
  return kinds[object] ?? object;
}

const pages: Record<string, (id: number) => string> = {
  archive_import: (id) => `/admin/import?import=${id}`,
  class: (id) => `/records/plan?class=${id}`,
  disposition: (id) => `/records/disposition/${id}`,
  document: (id) => `/?doc=${id}`,
  erasure_request: (id) => `/records/privacy/${id}`,
  folder: (id) => `/?f.folder=${id}`,
  hold: (id) => `/records/holds/${id}`,
};

/** Where the page shows such a thing, or null where it has no address of its own. */
export function pageOf(object: string, id: number): string | null {
  return id > 0 ? pages[object]?.(id) ?? null : null;
}
