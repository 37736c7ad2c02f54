// How the open document might be filed: each suggestion by itself, or all with one key.
import { useLayoutEffect } from "preact/hooks";
import { acceptSuggestions, fetchSuggestions } from "../../api/filing";
import type { Document, FilingSuggestion } from "../../api/types";
import { Button } from "../../components/controls";
import { Icon } from "../../components/icon";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { formatPercent } from "../../i18n/format";
import { bindKeys } from "../../keys";
import { useAutosave } from "./autosave";

/** The likeliest of each field, and every tag: what is accepted together. */
function best(items: readonly FilingSuggestion[]): FilingSuggestion[] {
  return items.filter((item, index) => item.field === "tag" || items.findIndex((other) => other.field === item.field) === index);
}

function reason({ rule, words }: FilingSuggestion): string {
  if (rule !== null) return tLater().filing.byRule(rule);
  return words.length > 0 ? tLater().filing.byWords(words.join(", ")) : "";
}

/** Of one version of a document: to be keyed by it. */
export function Suggestions({ document }: { document: Document }) {
  const items = useLoaded(() => fetchSuggestions(document.id)).data ?? [];
  const autosave = useAutosave();
  const text = tLater().filing;
  const accept = (accepted: readonly FilingSuggestion[]) => void autosave.save((present) => acceptSuggestions(present, accepted));
  const all = best(items);
  useLayoutEffect(() => (all.length > 0 ? bindKeys({ acceptSuggestions: () => accept(all) }) : undefined), [items]);
  if (items.length === 0) return null;
  return (
    <section class="suggestions" aria-label={text.suggestions}>
      <div class="label"><Icon name="spark" size={14} />{text.suggestions}</div>
      <ul>
        {items.map((item) => (
          <li key={`${item.field} ${item.value.id}`}>
            <div>
              <div>{text.fields[item.field]}: <strong>{item.value.name}</strong></div>
              <div class="muted small">{item.rule === null && `${text.sure(formatPercent(item.confidence))}. `}{reason(item)}</div>
              {item.documents.length > 0 && (
                <div class="muted small">{text.likeThese} {item.documents.map(({ id, name }, index) => (
                  <span key={id}>{index > 0 && ", "}<a href={`/?doc=${id}`}>{name}</a></span>
                ))}</div>
              )}
            </div>
            <Button compact icon="check" aria-label={text.acceptOne(`${text.fields[item.field]}: ${item.value.name}`)} onClick={() => accept([item])}>{text.accept}</Button>
          </li>
        ))}
      </ul>
      {all.length > 1 && <div><Button compact kind="primary" aria-keyshortcuts="a" onClick={() => accept(all)}>{text.acceptAll}</Button></div>}
      {autosave.state.kind === "failed" && <div class="error" role="alert">{autosave.state.reason}</div>}
      {autosave.state.kind === "stale" && <div class="error" role="alert">{t().panel.stale}</div>}
    </section>
  );
}
