import { useCallback, useEffect, useState } from "preact/hooks";
import { isAbort } from "../api/client";
import { useNews } from "./use_news";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  reload: () => Promise<void>;
}

/** What `load` returns; asked again on `reload`, and a moment after the server's news when `live` says so. */
export function useLoaded<T>(load: () => Promise<T>, live = false): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const reload = useCallback(async () => {
    try {
      setData(await load());
      setError(null);
    } catch (failure) {
      if (!isAbort(failure)) setError(failure);
    }
  }, []);
  useEffect(() => { void reload(); }, []);
  useNews(() => { if (live) void reload(); });
  return { data, error, reload };
}
