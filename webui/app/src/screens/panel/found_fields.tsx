// Dates, amounts and numbers that were found on the pages; each leads to its page.
import { fetchFields } from "../../api/filing";
import type { Document, FoundField } from "../../api/types";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { setQuery } from "../../router";
import { pointedBox } from "../../state/pointed";
import { foundText, isPlaced } from "../found_values";

/** Of one version of a document: to be keyed by it. */
export function FoundFields({ document }: { document: Document }) {
  const fields = useLoaded(() => fetchFields(document.id)).data ?? [];
  const text = tLater().filing;
  if (fields.length === 0) return null;
  const kinds = [...new Set(fields.map((field) => field.kind))];
  return (
    <section class="field" aria-label={text.found}>
      <div class="label">{text.found}</div>
      <dl class="found">
        {kinds.map((kind) => (
          <div key={kind}>
            <dt class="muted small">{text.foundKinds[kind]}</dt>
            <dd class="candidates">
              {fields.filter((field) => field.kind === kind).map((field) => (
                <button key={`${field.page} ${field.value}`} type="button" title={`${field.text} (${text.showOnPage(field.page)})`}
                  onFocus={() => pointAt(document.id, field)} onBlur={() => { pointedBox.value = null; }}
                  onClick={() => { setQuery({ p: String(field.page) }); pointAt(document.id, field); }}>{foundText(field)}</button>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Outlines it on its page. */
export function pointAt(document: number, found: FoundField): void {
  pointedBox.value = isPlaced(found) ? { document, page: found.page, box: found.box } : null;
}
