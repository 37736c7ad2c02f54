// How many documents wait for a person, for the mark in the rail.
import { signal } from "@preact/signals";
import { onServerEvent } from "../api/events";
import { countQuarantine } from "../api/documents";

export const quarantineCount = signal(0);

let timer: ReturnType<typeof setTimeout> | undefined;

export function refreshCounts(delay = 600): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    countQuarantine().then((count) => { quarantineCount.value = count; }, () => undefined); // the mark keeps its last number
  }, delay);
}

export function startCounts(): void {
  refreshCounts(0);
  onServerEvent(() => refreshCounts());
}
