// How many documents wait for a person, for the marks in the rail. Where they cannot be counted, a mark keeps its last number.
import { signal } from "@preact/signals";
import { countQuarantine, countWaiting } from "../api/documents";
import { onServerEvent } from "../api/events";
import { soon } from "./pace";
import { mayEdit } from "./session";

export const quarantineCount = signal(0);
export const inboxCount = signal(0);

const inboxPause = 5000; // milliseconds: a search each, and during a bulk load there is news all the time

const countQuarantineSoon = soon(() => void countQuarantine().then((count) => { quarantineCount.value = count; }, () => undefined));
const countInboxSoon = soon(() => {
  if (mayEdit.value) void countWaiting().then((count) => { inboxCount.value = count; }, () => undefined);
});

export function refreshCounts(delay = 600): void {
  countQuarantineSoon(delay);
  countInboxSoon(delay && inboxPause);
}

export function startCounts(): void {
  refreshCounts(0);
  onServerEvent(() => refreshCounts());
}
