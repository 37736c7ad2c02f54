// Fronts and backs that were scanned one after the other, put together.

/** Two passes of a feeder that reads one side: the fronts, then the backs from the last sheet to the first. Null when there are more backs than fronts. */
export function collated<T extends { document: number; starts: boolean }>(tiles: readonly T[]): T[] | null {
  const first = tiles[0]?.document;
  const fronts = tiles.filter((tile) => tile.document === first);
  const backs = tiles.filter((tile) => tile.document !== first).reverse();
  if (backs.length > fronts.length) return null;
  return fronts.flatMap((front, sheet) => [front, backs[sheet]]).flatMap((tile) => (tile ? [{ ...tile, starts: false }] : []));
}
