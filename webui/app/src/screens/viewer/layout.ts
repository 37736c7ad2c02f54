// Where the pages of a document stand in the scrolled space. Pure: sizes in, positions out.

export interface PageSize {
  width: number;
  height: number;
}

export type Zoom = "width" | "page" | number; // a number is a factor of the nominal width

export const gap = 16; // pixels around every page
const nominalWidth = 794; // a page of A4 at 96 pixels an inch
const a4: PageSize = { width: 210, height: 297 };

export interface Placed {
  top: number;
  width: number;
  height: number;
}

export interface Layout {
  pages: Placed[];
  width: number;
  height: number;
}

/** Lays out `count` pages, one below the other. A page whose size is not known yet is taken for A4. */
export function layOut(count: number, sizes: ReadonlyMap<number, PageSize>, zoom: Zoom, rotation: number, room: PageSize): Layout {
  const pages: Placed[] = [];
  let top = gap;
  let widest = 0;
  for (let number = 1; number <= count; number += 1) {
    const size = turned(sizes.get(number) ?? a4, rotation);
    const ratio = size.height / Math.max(1, size.width);
    const width = pageWidth(zoom, ratio, room);
    const height = Math.round(width * ratio);
    pages.push({ top, width, height });
    top += height + gap;
    widest = Math.max(widest, width);
  }
  return { pages, width: widest + 2 * gap, height: top };
}

function pageWidth(zoom: Zoom, ratio: number, room: PageSize): number {
  const full = Math.max(120, room.width - 2 * gap);
  if (zoom === "width") return Math.round(Math.min(full, 1400));
  if (zoom === "page") return Math.round(Math.min(full, Math.max(120, room.height - 2 * gap) / ratio));
  return Math.round(nominalWidth * zoom);
}

export function turned(size: PageSize, rotation: number): PageSize {
  return rotation % 180 === 0 ? size : { width: size.height, height: size.width };
}

/** The numbers of the first and last page that touch the part from `top` to `bottom`; [1, 0] when there is none. */
export function pagesBetween({ pages }: Layout, top: number, bottom: number): [number, number] {
  const first = firstIndex(pages, (page) => page.top + page.height >= top);
  const after = firstIndex(pages, (page) => page.top > bottom);
  return [first + 1, after];
}

/** The page that a reader would say they are on: the one under a third of the window's height. */
export function pageAt(layout: Layout, top: number, height: number): number {
  const eye = top + height / 3;
  const index = firstIndex(layout.pages, (page) => page.top + page.height + gap >= eye);
  return Math.min(index, layout.pages.length - 1) + 1;
}

function firstIndex(pages: readonly Placed[], holds: (page: Placed) => boolean): number {
  let low = 0;
  let high = pages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const page = pages[middle];
    if (page && holds(page)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const imageWidths = [620, 930, 1240, 1860, 2480];

/** The width to ask the server for: the smallest of a few steps (so that they are cached) that is sharp enough. */
export function imageWidth(shown: number, pixelRatio: number): number {
  const wanted = shown * Math.min(pixelRatio, 2);
  return imageWidths.find((width) => width >= wanted * 0.9) ?? 2480;
}

const zoomSteps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3];

export function nextZoom(shownWidth: number, step: 1 | -1): number {
  const factor = shownWidth / nominalWidth;
  if (step > 0) return zoomSteps.find((candidate) => candidate > factor * 1.03) ?? 3;
  return [...zoomSteps].reverse().find((candidate) => candidate < factor * 0.97) ?? 0.5;
}

export function zoomPercent(shownWidth: number): number {
  return shownWidth / nominalWidth;
}
