// A list that comes in parts: the first at once, the others when they are asked for.
import { useEffect, useRef, useState } from "preact/hooks";
import { isUnauthenticated } from "../api/client";
import { PartsReader, type FetchPart, type Part } from "./parts_reader";
import { useNews } from "./use_news";

export interface Parts<T> {
  items: readonly T[] | null;
  error: unknown;
  more: (() => void) | null; // asks for the next part
  reload: () => Promise<void>;
}

/** Of another `key` it is another list; the one before stays in sight until that is there. */
export function useParts<T>(fetch: FetchPart<T>, key: string): Parts<T> {
  const [list, setList] = useState<Part<T> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(fetch);
  latest.current = fetch;
  const reader = useRef<PartsReader<T> | null>(null);
  useEffect(() => {
    const mine = new PartsReader<T>((cursor) => latest.current(cursor), (read, failure) => {
      if (read) setList(read);
      setError(failure);
    });
    reader.current = mine;
    void mine.reload();
    return () => mine.end();
  }, [key]);
  const reload = async () => reader.current?.reload();
  useNews(() => { if (isUnauthenticated(error)) void reload(); }); // somebody has signed in again
  return { items: list?.items ?? null, error, more: list === null || list.next === null ? null : () => void reader.current?.more(), reload };
}
