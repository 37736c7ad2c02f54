// What the panel points at on a page of the open document.
import { signal } from "@preact/signals";

export interface PointedBox {
  document: number;
  page: number;
  box: readonly [x: number, y: number, width: number, height: number]; // in the units of the page's words
}

export const pointedBox = signal<PointedBox | null>(null);
