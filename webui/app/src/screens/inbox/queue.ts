// The documents that wait, what was skipped of them, and which comes next. Pure.

export interface Queue<T extends { id: number }> {
  items: readonly T[]; // all that wait, in order; what was skipped stays among them
  skipped: ReadonlySet<number>;
  filed: number;
}

/** What comes after `id`, round the end, going over what was skipped; null when nothing is left to look at. */
export function nextAfter<T extends { id: number }>({ items, skipped }: Queue<T>, id: number | null): T | null {
  const at = items.findIndex((item) => item.id === id);
  const ordered = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return ordered.find((item) => item.id !== id && !skipped.has(item.id)) ?? null;
}

export function withSkipped<T extends { id: number }>(queue: Queue<T>, id: number): Queue<T> {
  return { ...queue, skipped: new Set([...queue.skipped, id]) };
}

export function without<T extends { id: number }>(queue: Queue<T>, id: number): Queue<T> {
  return { ...queue, items: queue.items.filter((item) => item.id !== id), skipped: new Set([...queue.skipped].filter((other) => other !== id)) };
}

export function withFiled<T extends { id: number }>(queue: Queue<T>, id: number): Queue<T> {
  return { ...without(queue, id), filed: queue.filed + 1 };
}

/** The queue with one back at its place. */
export function withReturned<T extends { id: number }>(queue: Queue<T>, item: T, at: number): Queue<T> {
  const items = queue.items.filter(({ id }) => id !== item.id);
  return { ...queue, items: [...items.slice(0, at), item, ...items.slice(at)] };
}

/** The queue with those of `found` that it does not have, at its end. */
export function withFound<T extends { id: number }>(queue: Queue<T>, found: readonly T[]): Queue<T> {
  const known = new Set(queue.items.map(({ id }) => id));
  return { ...queue, items: [...queue.items, ...found.filter(({ id }) => !known.has(id))] };
}
