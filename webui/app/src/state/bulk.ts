// The change of a whole list that goes on, or whose result is still shown.
import { signal } from "@preact/signals";

/** Its job. */
export const bulkJob = signal<number | null>(null);
