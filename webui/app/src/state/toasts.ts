// Short messages at the foot of the page, with a way back where there is one.
import { signal } from "@preact/signals";
import { explain } from "../api/client";

export interface Toast {
  id: number;
  text: string;
  undo?: () => Promise<void>;
}

const lifetime = 10_000;
let lastId = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export const toasts = signal<readonly Toast[]>([]);

/** Where taking back is refused, that is told. */
export function showToast(text: string, undo?: () => Promise<void>): void {
  lastId += 1;
  const toast: Toast = { id: lastId, text, ...(undo ? { undo } : {}) };
  toasts.value = [...toasts.value.slice(-2), toast];
  startTimer(toast.id);
}

export function closeToast(id: number): void {
  pauseToast(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** While a toast has the pointer or the focus it stays. */
export function pauseToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

export function startTimer(id: number): void {
  pauseToast(id);
  timers.set(id, setTimeout(() => closeToast(id), lifetime));
}

/** Takes back what a toast tells of. */
export function undo(toast: Toast): void {
  closeToast(toast.id);
  void toast.undo?.().catch((error: unknown) => showToast(explain(error)));
}

/** Undoes what the newest toast tells of. False when there is nothing to undo. */
export function undoLast(): boolean {
  const toast = toasts.value.filter((candidate) => candidate.undo).at(-1);
  if (!toast) return false;
  undo(toast);
  return true;
}
