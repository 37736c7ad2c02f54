import { useEffect, useRef, useState } from "preact/hooks";
import { isAbort, isUnauthenticated } from "../api/client";
import { oneAtATime } from "../state/pace";
import { useNews } from "./use_news";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  reload: () => Promise<void>;
}

/** What `load` returns, as it was drawn last; asked again on `reload`, and a moment after the server's news when `live` says so; one question follows
 *  the other, so that the answer shown last is the newest. */
export function useLoaded<T>(load: () => Promise<T>, live = false): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(load);
  latest.current = load;
  const [reload] = useState(() => oneAtATime(async () => {
    try {
      setData(await latest.current());
      setError(null);
    } catch (failure) {
      if (!isAbort(failure)) setError(failure);
    }
  }));
  useEffect(() => { void reload(); }, []);
  useNews(() => { if (live || isUnauthenticated(error)) void reload(); }); // the latter: somebody has signed in again
  return { data, error, reload };
}
