// The class or folder that the list is of is the one that files go to, unless it is closed.
import { useLayoutEffect } from "preact/hooks";
import { listQuery } from "../../state/search";
import { openPlace } from "../../state/upload_place";
import { nameFilter } from "./facets";
import { onlyPlace } from "./query";

export function useOpenPlace(): void {
  const place = onlyPlace(listQuery.value);
  useLayoutEffect(() => {
    if (!place) return undefined;
    let close: (() => void) | null = () => undefined; // null once another list is shown
    const open = async () => {
      const { placeOf } = await import("../../api/file_plan");
      const { name, accepts } = await placeOf(place.field, place.id);
      nameFilter(place.field, String(place.id), name); // a list with nothing in it does not say it
      if (close && accepts) close = openPlace({ ...place, name });
    };
    open().catch(() => undefined); // what is dropped waits in the inbox
    return () => { close?.(); close = null; };
  }, [place?.field, place?.id]);
}
