// Pages as people write them: "1-3, 5".

/** Ascending, each once; null when something of it is no page from 1 to `last`. */
export function pagesIn(text: string, last: number): number[] | null {
  const pages = new Set<number>();
  for (const part of text.split(/[,\s]+/).filter((one) => one !== "")) {
    const [, from, to] = /^(\d{1,6})(?:[-–](\d{1,6}))?$/.exec(part) ?? [];
    const first = Number(from);
    const end = Number(to ?? from);
    if (!(first >= 1 && first <= end && end <= last)) return null;
    for (let page = first; page <= end; ++page) pages.add(page);
  }
  return pages.size === 0 ? null : [...pages].sort((one, other) => one - other);
}

/** The other way: [1, 2, 3, 5] is "1–3, 5". */
export function inRuns(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run && page === run[1] + 1) run[1] = page;
    else runs.push([page, page]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}
