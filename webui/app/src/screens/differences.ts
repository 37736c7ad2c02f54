// The runs of a comparison with the number of the difference that each belongs to.
import type { VersionDifferences } from "../api/types";

type Run = VersionDifferences["pages"][number]["runs"][number];

export interface NumberedRun extends Run {
  change: number; // from 1; 0 of what is equal
  first: boolean; // the first run of its difference
}
export interface NumberedPage {
  page: number;
  runs: NumberedRun[];
}

/** What was deleted and what took its place are one difference, over the end of a page too, as the server counts them. */
export function numbered({ pages }: Pick<VersionDifferences, "pages">): NumberedPage[] {
  let change = 0;
  let inChange = false;
  return pages.map(({ page, runs }) => ({
    page,
    runs: runs.map((run) => {
      const differs = run.kind !== "equal";
      const first = differs && !inChange;
      if (first) change += 1;
      inChange = differs;
      return { ...run, change: differs ? change : 0, first };
    }),
  }));
}

/** The difference after `at` (0: none yet) by one step, around the ends. */
export function stepped(at: number, by: 1 | -1, count: number): number {
  if (count === 0) return 0;
  if (at === 0) return by > 0 ? 1 : count;
  return ((at - 1 + by + count) % count) + 1;
}
