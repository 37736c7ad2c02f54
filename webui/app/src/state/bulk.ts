// The changes of many documents that go on, or whose result is still shown.
import { signal } from "@preact/signals";

/** The job that changes a whole list. */
export const bulkJob = signal<number | null>(null);
/** The job that tries again what could not be read. */
export const retryJob = signal<number | null>(null);
