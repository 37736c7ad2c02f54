// Going from hit to hit through a document. Pure.

export interface HitPosition {
  page: number;
  index: number; // from 0 among the hits of the page
}

export interface PageHits {
  page: number;
  hits: number;
}

export function totalHits(pages: readonly PageHits[]): number {
  return pages.reduce((sum, page) => sum + page.hits, 0);
}

/** The number of a hit in the whole document, from 1; 0 when it is none of them. */
export function hitNumber(pages: readonly PageHits[], at: HitPosition | null): number {
  if (!at) return 0;
  let before = 0;
  for (const page of pages) {
    if (page.page === at.page) return at.index < page.hits ? before + at.index + 1 : 0;
    before += page.hits;
  }
  return 0;
}

export function hitAt(pages: readonly PageHits[], number: number): HitPosition | null {
  let left = number - 1;
  for (const page of pages) {
    if (left >= 0 && left < page.hits) return { page: page.page, index: left };
    left -= page.hits;
  }
  return null;
}

/** The next (or previous) hit, round the ends of the document; from nowhere it is the first at or after `page`. */
export function stepHit(pages: readonly PageHits[], at: HitPosition | null, step: 1 | -1, page: number): HitPosition | null {
  const total = totalHits(pages);
  if (total === 0) return null;
  const number = hitNumber(pages, at);
  if (number === 0) return firstFrom(pages, page);
  return hitAt(pages, ((number - 1 + step + total) % total) + 1);
}

/** The first hit on `page` or after it, or the first of all. */
export function firstFrom(pages: readonly PageHits[], page: number): HitPosition | null {
  const found = pages.find((candidate) => candidate.page >= page && candidate.hits > 0) ?? pages.find((candidate) => candidate.hits > 0);
  return found ? { page: found.page, index: 0 } : null;
}

export type WordBox = [left: number, top: number, width: number, height: number, text: string, confidence: number];
export interface Rectangle { x: number; y: number; width: number; height: number }

/** The rectangles of one hit: its words, those that follow each other on a line joined. */
export function hitRectangles(lines: readonly (readonly WordBox[])[], words: readonly (readonly [number, number])[]): Rectangle[] {
  const rectangles: Rectangle[] = [];
  let last: [number, number] | null = null;
  for (const [line, word] of words) {
    const box = lines[line]?.[word];
    if (!box) continue;
    const [x, y, width, height] = box;
    const previous = rectangles.at(-1);
    if (previous && last && last[0] === line && last[1] === word - 1) join(previous, x, y, width, height);
    else rectangles.push({ x, y, width, height });
    last = [line, word];
  }
  return rectangles;
}

function join(rectangle: Rectangle, x: number, y: number, width: number, height: number): void {
  const left = Math.min(rectangle.x, x);
  const top = Math.min(rectangle.y, y);
  rectangle.width = Math.max(rectangle.x + rectangle.width, x + width) - left;
  rectangle.height = Math.max(rectangle.y + rectangle.height, y + height) - top;
  rectangle.x = left;
  rectangle.y = top;
}

/** Words with less are shown as doubtful: in percent, as storage::kLowConfidence says of whole documents. */
export const doubtBelow = 60;

/** The words of a page that the reader was not sure of, in the order of reading, each as hitRectangles takes it. */
export function doubtfulWords(lines: readonly (readonly WordBox[])[]): [line: number, word: number][] {
  return lines.flatMap((words, line) => words.flatMap((box, word): [number, number][] => (box[5] < doubtBelow ? [[line, word]] : [])));
}

/** The first hit from `page` on, once it is certain that no page between is still to bring an earlier one. */
export function settledFirst(pages: readonly PageHits[], page: number, known: (page: number) => boolean, counting: boolean): HitPosition | null {
  const first = firstFrom(pages, page);
  if (!first || !counting) return first;
  for (let number = page; number < first.page; number += 1) if (!known(number)) return null;
  return first.page >= page ? first : null;
}
