// Where files go that are dropped, pasted or chosen: to the class or folder that is open; else they wait in the inbox.
import { signal } from "@preact/signals";

export interface UploadPlace {
  field: "class" | "folder";
  id: number;
  name: string;
}

export const uploadPlace = signal<UploadPlace | null>(null);

/** Until the returned function is called. To be called in a layout effect. */
export function openPlace(place: UploadPlace): () => void {
  uploadPlace.value = place;
  return () => { if (uploadPlace.value === place) uploadPlace.value = null; };
}
