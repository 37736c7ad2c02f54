// The class or folder that the list is of is the one that files go to.
import { useLayoutEffect } from "preact/hooks";
import { listQuery } from "../../state/search";
import { openPlace } from "../../state/upload_place";
import { filterLabel, nameFilter } from "./facets";
import { onlyPlace } from "./query";

export function useOpenPlace(): void {
  const place = onlyPlace(listQuery.value);
  const value = String(place?.id);
  const name = place ? filterLabel(place.field, value) : "";
  useLayoutEffect(() => {
    if (!place) return undefined;
    // A list with nothing in it does not say what its place is called.
    if (name === value) void import("../../api/file_plan").then(({ placeName }) => placeName(place.field, place.id)).then((known) => nameFilter(place.field, value, known), () => undefined);
    return openPlace({ ...place, name });
  }, [place?.field, value, name]);
}
