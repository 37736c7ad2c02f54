import type { Movement } from "../../api/types";
import { tLater } from "../../i18n";
import { formatTime } from "../../i18n/format";

/** Where a paper file or a place has been. */
export function Movements({ of: movements }: { of: readonly Movement[] }) {
  return (
    <ul class="plain-list">
      {movements.map(({ at, why, to, by }) => (
        <li key={at + why}>
          <span>{tLater().paper.why[why]}{to && `: ${to.path}`} <span class="muted small">{formatTime(at)}{by && ` · ${by.name}`}</span></span>
        </li>
      ))}
    </ul>
  );
}
