// The file plan as a tree. Pure.
import type { Class } from "../../api/types";

export interface Branch {
  here: Class;
  below: Branch[];
}

const byCode = (a: Class, b: Class) => a.code.localeCompare(b.code, "en", { numeric: true });

/** Siblings in the order of their codes, "2" before "10". A class whose parent is not among them stands at the top. */
export function treeOf(classes: readonly Class[]): Branch[] {
  const ids = new Set(classes.map(({ id }) => id));
  const childrenOf = new Map<number | null, Class[]>();
  for (const each of classes) {
    const parent = each.parent !== null && ids.has(each.parent) ? each.parent : null;
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), each]);
  }
  const grow = (parent: number | null): Branch[] => (childrenOf.get(parent) ?? []).sort(byCode).map((here) => ({ here, below: grow(here.id) }));
  return grow(null);
}

/** The classes above one, from the top. */
export function lineOf(classes: readonly Class[], id: number): Class[] {
  const found = classes.find((each) => each.id === id);
  if (!found) return [];
  return [...(found.parent === null ? [] : lineOf(classes, found.parent)), found];
}
