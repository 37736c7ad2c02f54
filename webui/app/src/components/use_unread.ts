import { useEffect, useRef } from "preact/hooks";
import { unread } from "../state/notifications";

/** Calls `look` whenever more or less is told to, or asked of, whoever is signed in. */
export function useUnread(look: () => void): void {
  const counted = useRef(unread.value);
  useEffect(() => {
    if (counted.current !== unread.value) look();
    counted.current = unread.value;
  }, [unread.value]);
}
