// Of a long list only the rows near the window are drawn, in blocks; of the others it is known how high they are, or
// likely are.

export const blockSize = 25; // rows
const near = 1000; // pixels above and below the window in which rows are drawn

export interface Span {
  first: number; // blocks, both included
  last: number;
}

/** The blocks near a window of `height` pixels whose upper edge is at `top`. */
export function spanNear(heights: readonly number[], top: number, height: number): Span {
  let above = 0;
  let first = -1;
  let last = 0;
  heights.forEach((blockHeight, block) => {
    const below = above + blockHeight;
    if (first < 0 && below >= top - near) first = block;
    if (above <= top + height + near) last = block;
    above = below;
  });
  return { first: first < 0 ? last : first, last };
}

/** How high the rows of a list were drawn. Blocks that never were are taken to be as high as the first that was. */
export class BlockHeights {
  private readonly measured = new Map<number, number>();
  private likely = blockSize * 96; // pixels

  note(block: number, height: number): void {
    if (this.measured.size === 0) this.likely = height;
    this.measured.set(block, height);
  }

  /** Of so many rows; the last block may not be full. */
  all(rows: number): number[] {
    return Array.from({ length: Math.ceil(rows / blockSize) }, (_, block) => (
      this.measured.get(block) ?? this.likely * Math.min(1, rows / blockSize - block)));
  }
}

/** Notes how high the drawn blocks of a list are; those that are not drawn stand in it as one element each. */
export function measureBlocks(list: HTMLElement, rows: number, isDrawn: (block: number) => boolean, heights: BlockHeights): void {
  let child = 0;
  for (let block = 0; block * blockSize < rows; block += 1) {
    const count = isDrawn(block) ? Math.min(blockSize, rows - block * blockSize) : 1;
    const first = list.children[child];
    const last = list.children[child + count - 1];
    if (isDrawn(block) && count === blockSize && first instanceof HTMLElement && last instanceof HTMLElement) {
      heights.note(block, last.offsetTop + last.offsetHeight - first.offsetTop);
    }
    child += count;
  }
}
