import { call } from "./call";
import type { Job } from "./types";

export async function fetchJob(id: number): Promise<Job> {
  return (await call("get", "/api/v1/jobs/{id}", { path: { id } })).data;
}

export const jobStates = ["open", "queued", "running", "waiting", "done", "failed", "cancelled"] as const;
export type JobsInState = (typeof jobStates)[number] | "";

/** The newest first; in one state, or in all (empty). */
export async function listJobs(state: JobsInState, cursor?: string): Promise<{ items: Job[]; next: string | null }> {
  return (await call("get", "/api/v1/jobs", { query: { state, limit: 100, cursor } })).data;
}

export async function cancelJob(id: number): Promise<void> {
  await call("delete", "/api/v1/jobs/{id}", { path: { id } });
}

export function isOpen(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running" || job.state === "waiting";
}
