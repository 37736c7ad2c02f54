// The filters beside the list: a tick shows only such documents, the minus shows none of them.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { FacetValue } from "../../api/types";
import { IconButton } from "../../components/controls";
import { later } from "../../components/later";
import { t } from "../../i18n";
import { formatNumber, languageName } from "../../i18n/format";
import { location, navigate, withQuery } from "../../router";
import { mayEdit } from "../../state/session";
import { draggedDocuments, listQuery, results } from "../../state/search";
import { facetNames, setFilter, type FacetName, type FilterName } from "./query";

const Histogram = later(async () => (await import("./histogram")).Histogram, null);
const FieldFilter = later(async () => (await import("./field_filter")).FieldFilter, null);
const Lists = later(async () => (await import("./lists")).Lists, null);
const Places = later(async () => (await import("./places")).Places, null);

const FacetFind = later(async () => (await import("./facet_find")).FacetFind, null);
const names = signal<ReadonlyMap<string, string>>(new Map());

/** Says what a value is called that the list may not name. */
export function nameFilter(facet: FilterName, value: string, name: string): void {
  names.value = new Map(names.value).set(`${facet} ${value}`, name);
}

export function filterLabel(facet: FilterName, value: string): string {
  if (facet === "language") return languageName(value);
  const known = results.value?.facets?.[facet]?.find((entry) => entry.value === value);
  return known?.label ?? names.value.get(`${facet} ${value}`) ?? carriedName(facet, Number(value)) ?? value;
}

/** As the documents of the list call it. */
function carriedName(facet: FilterName, id: number): string | undefined {
  for (const { type, correspondent, tags, folder } of results.value?.items ?? []) {
    const carried = facet === "tag" ? tags : facet === "type" ? [type] : facet === "correspondent" ? [correspondent] : [];
    if (facet === "folder" && folder?.id === id) return folder.title;
    const found = carried.find((entry) => entry?.id === id);
    if (found) return found.name;
  }
  return undefined;
}

export function applyFilter(facet: FilterName, value: string, state: "only" | "without" | "absent"): void {
  const query = setFilter(location.value.query, facet, value, state);
  query.delete("doc");
  query.delete("p");
  navigate(withQuery("/", query));
}

export function Facets() {
  const facets = results.value?.facets ?? {};
  const { filters } = listQuery.value;
  const groups = facetNames
    .map((name) => ({ name, values: withChosen(facets[name] ?? [], filters.filter((filter) => filter.facet === name).map((filter) => filter.value)) }))
    .filter((group) => group.values.length > 0);
  return (
    <section class="filters" id="filters" aria-labelledby="filters-title">
      <h2 id="filters-title">{t().facets.title}</h2>
      <Lists />
      <Places />
      {groups.length === 0 && results.value && <p class="muted small">{t().facets.none}</p>}
      <Histogram />
      {groups.map((group) => <Facet key={group.name} name={group.name} values={group.values} />)}
      <FieldFilter />
    </section>
  );
}

/** Chosen values stay in sight even when nothing is found with them. */
function withChosen(values: readonly FacetValue[], chosen: readonly string[]): FacetValue[] {
  const missing = chosen.filter((value) => !values.some((entry) => entry.value === value));
  return [...missing.map((value) => ({ value, label: value, count: 0 })), ...values];
}

const mostFrequent = 20; // values that a list names of each

function Facet({ name, values }: { name: FacetName; values: readonly FacetValue[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? values.slice(0, mostFrequent) : values.slice(0, 6);
  return (
    <fieldset class="facet">
      <legend>{t().facets.names[name]}</legend>
      {shown.map((entry) => <Value key={entry.value} facet={name} entry={entry} />)}
      {values.length > 6 && (
        <button type="button" class="link-button small" onClick={() => setAll(!all)}>{all ? t().facets.fewer : t().facets.all}</button>
      )}
      {values.length >= mostFrequent && <FacetFind facet={name} />}
    </fieldset>
  );
}

function Value({ facet, entry }: { facet: FacetName; entry: FacetValue }) {
  const filter = listQuery.value.filters.find((candidate) => candidate.facet === facet && candidate.value === entry.value);
  const included = filter?.exclude === false;
  const excluded = filter?.exclude === true;
  const name = filterLabel(facet, entry.value) || entry.label;
  const takes = mayEdit.value && (facet === "class" || facet === "tag");
  const allow = (event: DragEvent) => { if (takes && event.dataTransfer?.types.includes(draggedDocuments)) event.preventDefault(); };
  const drop = async (event: DragEvent) => {
    const ids = event.dataTransfer?.getData(draggedDocuments);
    if (!takes || !ids) return;
    event.preventDefault();
    await (await import("./move")).dropOn(facet, Number(entry.value), name, JSON.parse(ids) as number[]);
  };
  return (
    <div class={`facet-value ${excluded ? "excluded" : ""}`} onDragOver={allow} onDrop={(event) => void drop(event)}>
      <label>
        <input type="checkbox" checked={included} onChange={() => applyFilter(facet, entry.value, included ? "absent" : "only")} />
        <span class="name" title={name}>{name}</span>
        <span class="count">{formatNumber(entry.count)}</span>
      </label>
      <IconButton icon="minus" small label={t().facets.exclude(name)} aria-pressed={excluded}
        onClick={() => applyFilter(facet, entry.value, excluded ? "absent" : "without")} />
    </div>
  );
}
