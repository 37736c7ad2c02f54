import { call } from "./call";
import type { Job } from "./types";

export async function fetchJob(id: number): Promise<Job> {
  return (await call("get", "/api/v1/jobs/{id}", { path: { id } })).data;
}

export async function listJobs(): Promise<Job[]> {
  return (await call("get", "/api/v1/jobs", { query: { limit: 100 } })).data.items;
}

export async function cancelJob(id: number): Promise<void> {
  await call("delete", "/api/v1/jobs/{id}", { path: { id } });
}

export function isOpen(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running" || job.state === "waiting";
}
