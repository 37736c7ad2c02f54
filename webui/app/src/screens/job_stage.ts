// What a running job does just now, in words.
import type { Job } from "../api/types";
import { t, tLater } from "../i18n";
import { formatNumber } from "../i18n/format";

/** Empty where it says nothing of that. */
export function stageOf({ stage, page, pages }: Job): string {
  const { upload } = t();
  const { activity } = tLater();
  switch (stage) {
    case "": return pages > 0 ? activity.ofSoMany(formatNumber(page), formatNumber(pages)) : "";
    case "inspecting": return upload.inspecting;
    case "reading": return pages > 0 ? upload.readingPage(Math.min(page + 1, pages), pages) : upload.reading;
    case "archiving": return upload.archiving;
    case "indexing": return upload.indexing;
    default: return pages > 0 ? `${activity.stages[stage]}: ${activity.ofSoMany(formatNumber(page), formatNumber(pages))}` : activity.stages[stage];
  }
}
