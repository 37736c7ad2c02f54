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

/** The newest of that kind. */
export async function lastJob(kind: string): Promise<Job | undefined> {
  return (await call("get", "/api/v1/jobs", { query: { kind, limit: 1 } })).data.items[0];
}

export async function cancelJob(id: number): Promise<void> {
  await call("delete", "/api/v1/jobs/{id}", { path: { id } });
}

export function isOpen(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running" || job.state === "waiting";
}
