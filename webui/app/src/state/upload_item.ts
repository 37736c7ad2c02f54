// One line of the upload list, and what a job's news make of it. Pure.
import type { Job } from "../api/types";
import type { UploadPlace } from "./upload_place";

export type UploadState =
  | "queued" | "sending" | "interrupted"
  | "paused" // the page was left meanwhile: the file must be chosen again
  | "processing" | "filed" | "duplicate" | "needs-password" | "failed" | "cancelled";

export interface UploadItem {
  key: string; // path, size and time of change: the same file chosen again goes on where it was
  name: string;
  size: number;
  place: UploadPlace | null; // where it is filed; the inbox is none
  state: UploadState;
  sent: number; // bytes
  url: string | null; // of the tus upload
  jobId: number | null;
  documentId: number | null;
  stage: string;
  page: number;
  pages: number;
  reason: string; // why it failed
  twin: boolean; // kept although the same file is there
  trashed: boolean; // the duplicate is in the trash
  changedAt: number; // milliseconds, for telling a stalled one
  since: number; // milliseconds: when it came into its state
}

export const finalStates: ReadonlySet<UploadState> = new Set(["filed", "duplicate", "failed", "cancelled"]);

export function applyJob(item: UploadItem, job: Pick<Job, "state" | "stage" | "page" | "pages" | "problem">): Partial<UploadItem> {
  switch (job.state) {
    case "queued":
      return { state: "processing", stage: "", page: 0, pages: 0 };
    case "running":
      return { state: "processing", stage: job.stage, page: job.page, pages: job.pages };
    case "waiting":
      return job.problem?.code === "password_needed" ? { state: "needs-password" } : { state: "processing", stage: "", reason: job.problem?.detail ?? "" };
    case "done":
      return { state: "filed", stage: "", reason: "" };
    case "cancelled":
      return { state: "cancelled" };
    case "failed":
      return { state: "failed", reason: job.problem?.detail ?? "" };
    default:
      return item;
  }
}

/** How far an upload is, from 0 to 1; sending is the first fifth, reading the rest; null when it cannot be said. */
export function progressOf(item: UploadItem): number | null {
  if (item.state === "sending" || item.state === "interrupted") return (item.size > 0 ? item.sent / item.size : 0) * 0.2;
  if (item.state !== "processing") return null;
  if (item.stage === "reading" && item.pages > 0) return 0.2 + 0.7 * (item.page / item.pages);
  if (item.stage === "archiving") return 0.92;
  if (item.stage === "indexing") return 0.97;
  return 0.2;
}

const worthTelling = 10_000; // milliseconds

/** How long something takes already, as "1:05" or "1:01:05"; null while that is not worth telling. */
export function elapsed(milliseconds: number): string | null {
  if (!(milliseconds >= worthTelling)) return null;
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

const mostKept = 500;

/** What of a list a later visit is to know of, in the list's order: first what the server has a part of, then what is yet to
 *  be sent, and last what has come to its end. `cut`: how many were to be sent and are not among them. */
export function worthKeeping(list: readonly UploadItem[]): { kept: UploadItem[]; cut: number } {
  const rank = ({ state }: UploadItem) => (finalStates.has(state) ? 2 : state === "queued" ? 1 : 0);
  if (list.length <= mostKept) return { kept: [...list], cut: 0 };
  const chosen = new Set([0, 1, 2].flatMap((wanted) => list.filter((item) => rank(item) === wanted)).slice(0, mostKept));
  return { kept: list.filter((item) => chosen.has(item)), cut: list.filter((item) => item.state === "queued" && !chosen.has(item)).length };
}
