// What was found on the pages of the document; what has the focus is outlined there.
import type { FoundField } from "../../api/types";
import { tLater } from "../../i18n";
import { foundText, isPlaced, type PlacedField } from "../found_values";

export function FoundOnPages({ found, point }: { found: readonly FoundField[]; point: (field: PlacedField) => void }) {
  const text = tLater().filing;
  const placed = found.filter(isPlaced);
  if (placed.length === 0) return null;
  return (
    <section class="field" aria-label={text.found}>
      <div class="label">{text.found}</div>
      <ul class="candidates">
        {placed.map((field) => (
          <li key={`${field.kind} ${field.page} ${field.value}`}>
            <button type="button" title={text.showOnPage(field.page)} onFocus={() => point(field)} onClick={() => point(field)}>
              {text.foundKinds[field.kind]} {foundText(field)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
