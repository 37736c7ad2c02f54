// What the list shows, read from the address and written into it. Pure.

export const facetNames = ["type", "tag", "correspondent", "year", "language", "class"] as const;
export type FacetName = (typeof facetNames)[number];
/** What a list can be narrowed to: by a facet, or by a link to what is in a folder. */
const filterNames = [...facetNames, "folder"] as const;
export type FilterName = (typeof filterNames)[number];
export const sorts = ["relevance", "added", "oldest", "date", "title"] as const;
export type Sort = (typeof sorts)[number];

export interface Filter {
  facet: FilterName;
  value: string;
  exclude: boolean;
}

export interface ListQuery {
  q: string;
  sort: Sort;
  filters: Filter[];
  like: string; // the id of a document that the found ones shall be like; empty for an ordinary list
}

/** The address holds `f.tag=urgent` for "only" and `x.tag=urgent` for "without". */
export function readQuery(query: URLSearchParams): ListQuery {
  const q = query.get("q") ?? "";
  const filters: Filter[] = [];
  for (const [name, value] of query) {
    const facet = filterNames.find((candidate) => name === `f.${candidate}` || name === `x.${candidate}`);
    if (facet && value) filters.push({ facet, value, exclude: name.startsWith("x.") });
  }
  const sort = sorts.find((candidate) => candidate === query.get("sort")) ?? (q ? "relevance" : "added");
  return { q, sort, filters, like: query.get("like") ?? "" };
}

/** The folder that a list is of, or the class; null where it is of none, or of several. */
export function onlyPlace({ filters }: ListQuery): { field: "class" | "folder"; id: number } | null {
  for (const field of ["folder", "class"] as const) {
    const [first, ...others] = filters.filter(({ facet, exclude }) => facet === field && !exclude);
    if (first) return others.length === 0 && Number(first.value) > 0 ? { field, id: Number(first.value) } : null;
  }
  return null;
}

/** The parameters of the same list with another filter: absent → only → without → absent. */
export function setFilter(query: URLSearchParams, facet: FilterName, value: string, state: "only" | "without" | "absent"): URLSearchParams {
  const changed = new URLSearchParams();
  for (const [name, other] of query) {
    const same = (name === `f.${facet}` || name === `x.${facet}`) && other === value;
    if (!same) changed.append(name, other);
  }
  if (state !== "absent") changed.append(`${state === "only" ? "f" : "x"}.${facet}`, value);
  return changed;
}

export function withoutFilters(query: URLSearchParams): URLSearchParams {
  const changed = new URLSearchParams();
  for (const [name, value] of query) if (!/^[fx]\./.test(name)) changed.append(name, value);
  return changed;
}

/** One of the things that a list demands, and the parameters of the list that demands all but this. */
export interface Condition {
  text: string;
  filter: Filter | null; // none where it is a field in the query's words, as in created:2024
  rest: URLSearchParams;
}

export function conditions(query: URLSearchParams): Condition[] {
  const { filters } = readQuery(query);
  const bare = new URLSearchParams(query);
  for (const name of ["doc", "p"]) bare.delete(name);
  const ofFilters = filters.map((filter) => (
    { text: `${filter.facet}:${filter.value}`, filter, rest: setFilter(bare, filter.facet, filter.value, "absent") }));
  return [...ofFilters, ...operators(bare)].slice(0, 8);
}

/** The fields, phrases and exclusions among the words of a list's query. */
export function operators(query: URLSearchParams): Condition[] {
  const tokens = (query.get("q") ?? "").match(/-?(?:[a-z][\w.-]*:)?(?:"[^"]*"?|[^\s"]+)/gi) ?? [];
  return tokens.flatMap((text, index) => {
    if (!/^-.|^[a-z][\w.-]*:.|"/i.test(text)) return [];
    const rest = new URLSearchParams(query);
    for (const name of ["doc", "p"]) rest.delete(name);
    const words = tokens.filter((_, other) => other !== index).join(" ");
    if (words) rest.set("q", words);
    else rest.delete("q");
    return [{ text, filter: null, rest }];
  });
}

/** The parameters of a list, narrowed by words too: where it is of those that are like a document, words would say nothing. */
export function withWords(query: URLSearchParams, words: string): URLSearchParams {
  const narrowed = new URLSearchParams(query);
  for (const name of ["doc", "p", "like"]) narrowed.delete(name);
  narrowed.set("q", `${query.get("q") ?? ""} ${words}`.trim());
  return narrowed;
}

/** How a query asks for a value of one of the organisation's own fields; empty when there is none. */
export function ofField(key: string, value: string): string {
  const plain = value.replace(/"/g, " ").trim();
  if (!plain) return "";
  return `field.${key}:${/^[\p{L}\p{N}]+$/u.test(plain) ? plain : `"${plain}"`}`;
}

/** The same for days or numbers, open where one end is empty. */
export function ofFieldRange(key: string, from: string, to: string): string {
  const [least, most] = [from, to].map((end) => end.replace(/\s/g, "")); // "1 234,50"
  return least || most ? `field.${key}:${least}..${most}` : "";
}

/** Two addresses with the same key show the same list, whatever document is open beside it. */
export function listKey(query: URLSearchParams): string {
  return JSON.stringify(readQuery(query));
}
