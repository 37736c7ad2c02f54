// Values that were found on the pages for a field, to choose from; the one that has the focus is shown there.
import type { CustomValue, FoundField } from "../../api/types";
import { tLater } from "../../i18n";
import { foundText } from "../found_values";

const mostChoices = 5;

export function FoundChoices({ field, found, point, leave, choose }: {
  field: CustomValue;
  found: readonly FoundField[];
  point: (found: FoundField) => void;
  leave?: () => void;
  choose: (value: string) => void;
}) {
  const text = tLater().filing;
  if (found.length === 0) return null;
  return (
    <div class="candidates" role="group" aria-label={text.foundFor(field.name)}>
      {found.slice(0, mostChoices).map((one) => (
        <button key={one.value} type="button" title={`${one.text} (${text.showOnPage(one.page)})`} aria-pressed={one.value === field.value}
          onFocus={() => point(one)} onBlur={leave} onClick={() => choose(one.value)}>{foundText(one)}</button>
      ))}
    </div>
  );
}
