// A list that comes in parts: the first at once, the others when they are asked for.
import { useEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../api/client";

export interface Parts<T> {
  items: readonly T[] | null;
  error: unknown;
  more: (() => void) | null; // asks for the next part
  reload: () => Promise<void>;
}

export function useParts<T>(fetch: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>, key: string): Parts<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const asked = useRef(0);
  const load = async (before: readonly T[], cursor?: string) => {
    const mine = (asked.current += 1);
    try {
      const part = await fetch(cursor);
      if (mine !== asked.current) return; // another list is wanted by now
      setItems([...before, ...part.items]);
      setNext(part.next);
      setError(null);
    } catch (failure) {
      if (!isAbort(failure) && mine === asked.current) setError(failure);
    }
  };
  useEffect(() => { void load([]); }, [key]);
  return { items, error, more: next === null ? null : () => void load(items ?? [], next), reload: () => load([]) };
}
