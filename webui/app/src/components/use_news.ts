import { useEffect, useRef } from "preact/hooks";
import { onServerEvent } from "../api/events";

const pause = 500; // milliseconds: there is often more news right behind

/** Calls `look` a moment after the server's news, as long as it is shown. */
export function useNews(look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onServerEvent(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, pause);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}
