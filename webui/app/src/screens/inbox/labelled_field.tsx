// A field of the inbox's form under its label, which says how sure a suggestion was that filled it in.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { FilingSuggestion } from "../../api/types";
import { Icon } from "../../components/icon";
import { tLater } from "../../i18n";
import { formatPercent } from "../../i18n/format";

export function LabelledField({ label, mark, error, children }: { label: string; mark?: FilingSuggestion | undefined; error?: ComponentChildren; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <div class="line">
        <label class="label" for={id}>{label}</label>
        {mark && <span class="source" title={reason(mark)}><Icon name="spark" size={14} />{sureness(mark)}</span>}
      </div>
      {children(id)}
      {error && <div class="error" role="alert">{error}</div>}
    </div>
  );
}

export function sureness({ confidence }: FilingSuggestion): string {
  return formatPercent(confidence);
}

export function reason({ rule, words }: FilingSuggestion): string {
  const text = tLater().filing;
  return rule !== null ? text.byRule(rule) : words.length > 0 ? text.byWords(words.join(", ")) : "";
}
