// What is picked of the records that are due: it waits while one of them is looked at.
import { signal } from "@preact/signals";
import type { Batch } from "../api/types";

export type DuePicks = ReadonlyMap<number, Batch["action"]>;

const kept = signal<{ of: string; picks: DuePicks }>({ of: "", picks: new Map() });

/** Of the list with this filter; another one has none yet. */
export function duePicks(of: string): DuePicks {
  return kept.value.of === of ? kept.value.picks : new Map();
}

export function keepDuePicks(of: string, picks: DuePicks): void {
  kept.value = { of, picks };
}
