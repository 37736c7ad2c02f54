// Reading a list that comes in parts, one question after the other.
import { isAbort } from "../api/client";
import { oneAtATime } from "../state/pace";

export interface Part<T> {
  items: readonly T[];
  next: string | null; // where the next part begins
}

export type FetchPart<T> = (cursor: string | undefined) => Promise<Part<T>>;

export class PartsReader<T> {
  /** Reads as many parts anew as there are, or the first. */
  readonly reload: () => Promise<void>;
  private shown: Part<T> = { items: [], next: null };
  private parts = 0;
  private turn: Promise<void> = Promise.resolve();
  private ended = false;

  /** `show` is given all that was read so far, or why the last question failed. */
  constructor(private readonly fetch: FetchPart<T>, private readonly show: (list: Part<T> | null, error: unknown) => void) {
    this.reload = oneAtATime(() => this.inTurn(() => this.read({ items: [], next: null }, Math.max(1, this.parts))));
  }

  /** Reads the next part, if there is one. */
  more(): Promise<void> {
    return this.inTurn(async () => { if (this.shown.next !== null) await this.read(this.shown, 1); });
  }

  /** Another list is wanted: what is on its way is shown no more. */
  end(): void {
    this.ended = true;
  }

  private inTurn(ask: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(async () => {
      try {
        if (!this.ended) await ask();
      } catch (error) {
        if (!this.ended && !isAbort(error)) this.show(null, error);
      }
    });
    return this.turn;
  }

  private async read(before: Part<T>, count: number): Promise<void> {
    let list = before;
    let read = before.items.length > 0 ? this.parts : 0;
    for (let left = count; left > 0 && (read === 0 || list.next !== null); left -= 1) {
      const part = await this.fetch(list.next ?? undefined);
      list = { items: [...list.items, ...part.items], next: part.next };
      read += 1;
    }
    if (this.ended) return;
    this.shown = list;
    this.parts = read;
    this.show(list, null);
  }
}
