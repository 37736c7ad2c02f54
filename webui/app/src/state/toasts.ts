// Short messages at the foot of the page, with a way back where there is one.
import { signal } from "@preact/signals";
import { explain } from "../api/client";

export interface Toast {
  id: number;
  text: string;
  undo?: () => Promise<void>;
}

const lifetime = 10_000; // milliseconds in sight
type Hold = "pointer" | "focus";
let lastId = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();
const holds = new Map<number, ReadonlySet<Hold>>();

export const toasts = signal<readonly Toast[]>([]);

/** Where taking back is refused, that is told. */
export function showToast(text: string, undo?: () => Promise<void>): void {
  lastId += 1;
  const toast: Toast = { id: lastId, text, ...(undo ? { undo } : {}) };
  toasts.value = [...toasts.value.slice(-2), toast];
  startTimer(toast.id);
}

export function closeToast(id: number): void {
  stopTimer(id);
  holds.delete(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** While a toast has the pointer or the focus it stays. */
export function holdToast(id: number, by: Hold): void {
  holds.set(id, new Set(holds.get(id)).add(by));
  stopTimer(id);
}

export function releaseToast(id: number, by: Hold): void {
  const left = new Set(holds.get(id));
  left.delete(by);
  holds.set(id, left);
  startTimer(id);
}

function stopTimer(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

/** From the next frame on: before it, and while the page is hidden, nobody sees the toast. */
function startTimer(id: number): void {
  requestAnimationFrame(() => {
    const isThere = toasts.value.some((toast) => toast.id === id);
    if (!isThere || holds.get(id)?.size) return;
    stopTimer(id);
    timers.set(id, setTimeout(() => closeToast(id), lifetime));
  });
}

document.addEventListener("visibilitychange", () => {
  for (const { id } of toasts.value) if (document.hidden) stopTimer(id); else startTimer(id);
});

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
