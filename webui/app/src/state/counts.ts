// How many documents wait for a person, for the marks in the rail.
import { signal } from "@preact/signals";
import { countQuarantine, countWaiting } from "../api/documents";
import { onServerEvent } from "../api/events";
import { mayEdit } from "./session";

export const quarantineCount = signal(0);
export const inboxCount = signal(0);

let timer: ReturnType<typeof setTimeout> | undefined;
let inboxTimer: ReturnType<typeof setTimeout> | undefined;

const inboxPause = 5000; // milliseconds: a search each, and during a bulk load there is news all the time

export function refreshCounts(delay = 600): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    countQuarantine().then((count) => { quarantineCount.value = count; }, () => undefined); // the mark keeps its last number
  }, delay);
  inboxTimer ??= setTimeout(() => {
    inboxTimer = undefined;
    if (mayEdit.value) countWaiting().then((count) => { inboxCount.value = count; }, () => undefined);
  }, delay && inboxPause);
}

export function startCounts(): void {
  refreshCounts(0);
  onServerEvent(() => refreshCounts());
}
