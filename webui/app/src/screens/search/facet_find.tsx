// A value of a filter that is not among the most frequent ones, found by its name.
import { findAnyClass } from "../../api/file_plan";
import { listNames, type FoundName } from "../../api/names";
import { Picker } from "../../components/picker";
import { t, tLater } from "../../i18n";
import { applyFilter, nameFilter } from "./facets";
import type { FacetName } from "./query";

const finders: Partial<Record<FacetName, (part: string, signal: AbortSignal) => Promise<FoundName[]>>> = {
  type: (part, signal) => listNames("types", part, signal),
  tag: (part, signal) => listNames("tags", part, signal),
  correspondent: (part, signal) => listNames("correspondents", part, signal),
  class: findAnyClass,
};

export function FacetFind({ facet }: { facet: FacetName }) {
  const find = finders[facet];
  if (!find) return null;
  const label = tLater().lists.find(t().facets.names[facet]);
  return (
    <Picker label={label} value="" placeholder={label} find={find}
      onPick={({ id, name }) => {
        nameFilter(facet, String(id), name);
        applyFilter(facet, String(id), "only");
      }} />
  );
}
