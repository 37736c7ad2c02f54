// The list's query in the server's words.
import { facetNames, type ListQuery, type Sort } from "../screens/search/query";

export const pageSize = 50;
export const largestPage = 200; // that the server gives

/** What in a folder is no record yet. */
export function undeclaredIn(folder: number): Record<string, string> {
  return { q: "-is:record", "f.folder": String(folder) };
}

const serverSorts: Record<Sort, string> = { relevance: "relevance", added: "-added", oldest: "added", date: "-date", title: "title" };

/** The query of all that the list holds; none of the whole archive, which is asked for by `everything`. */
export function wholeQuery(list: ListQuery): { query: URLSearchParams; everything: boolean } {
  const query = documentQuery(list);
  for (const name of ["sort", "facets", "limit"]) query.delete(name);
  return { query, everything: query.size === 0 };
}

export function documentQuery({ q, sort, filters }: ListQuery): URLSearchParams {
  const query = new URLSearchParams();
  if (q) query.set("q", q);
  query.set("sort", serverSorts[sort]);
  for (const { facet, value, exclude } of filters) query.append(`f.${facet}`, exclude ? `-${value}` : value);
  query.set("facets", facetNames.join(","));
  query.set("limit", String(pageSize));
  return query;
}
