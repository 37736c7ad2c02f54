// What a change of schedules, or of the place of a class, would do to the dates of records.
import { call } from "./call";
import { saveFile } from "./files";
import type { SchedulePreview, ScheduleTerms } from "./types";

/** A change that is only supposed: of a schedule's terms, of the schedule of a class or folder (null: the one above), or of the
 * class above one (null: the top). */
export type Supposition =
  | { of: "schedules"; id: number; body: ScheduleTerms }
  | { of: "classes"; id: number; body: { schedule: number | null } | { parent: number | null } }
  | { of: "folders"; id: number; body: { schedule: number | null } };

/** The records above `after`; the figures come with the first page only. */
export async function previewChange(supposed: Supposition, after: number): Promise<SchedulePreview> {
  const path = { id: supposed.id };
  const query = { after };
  switch (supposed.of) {
    case "schedules": return (await call("post", "/api/v1/schedules/{id}/preview", { path, query, body: supposed.body })).data;
    case "classes": return (await call("post", "/api/v1/classes/{id}/preview", { path, query, body: supposed.body })).data;
    case "folders": return (await call("post", "/api/v1/folders/{id}/preview", { path, query, body: supposed.body })).data;
  }
}

export function savePreview({ of, id, body }: Supposition, language: string): Promise<void> {
  return saveFile(`/api/v1/${of}/${id}/preview?format=csv&language=${language}`, body, "preview.csv");
}
