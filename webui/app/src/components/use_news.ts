import { useEffect, useRef } from "preact/hooks";
import { onServerEvent } from "../api/events";

/** Calls `look` a moment after the server's news, as long as it is shown. `pause`: milliseconds; there is often more news right
 *  behind, and during a bulk load all the time. */
export function useNews(look: () => void, pause = 500): void {
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
