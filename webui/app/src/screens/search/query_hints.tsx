// What of a query was not understood, and how it was taken instead.
import { tLater } from "../../i18n";

/** `warnings`: the codes of the answer; one that is not known here is left out. */
export function QueryHints({ warnings }: { warnings: readonly string[] }) {
  const { notUnderstood } = tLater().finding;
  return <div role="status">{[...new Set(warnings)].map((code) => notUnderstood[code] && <p key={code} class="muted small">{notUnderstood[code]}</p>)}</div>;
}
