// Workflows, what they did and would do, and what waits for one's approval.
import { call, everyPage } from "./call";
import { etagOf, type NewWorkflow, type Workflow, type WorkflowChange, type WorkflowRun, type WorkflowTrial } from "./types";

export function listWorkflows(): Promise<Workflow[]> {
  return everyPage((cursor) => call("get", "/api/v1/workflows", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

export async function createWorkflow(terms: NewWorkflow): Promise<void> {
  await call("post", "/api/v1/workflows", { body: terms });
}

export async function changeWorkflow(workflow: Workflow, change: WorkflowChange): Promise<void> {
  await call("patch", "/api/v1/workflows/{id}", { path: { id: workflow.id }, etag: etagOf(workflow), body: change });
}

export async function deleteWorkflow(workflow: Workflow): Promise<void> {
  await call("delete", "/api/v1/workflows/{id}", { path: { id: workflow.id }, etag: etagOf(workflow) });
}

/** What it would do with documents that are there; nothing is changed. */
export async function tryWorkflow(terms: NewWorkflow): Promise<WorkflowTrial> {
  return (await call("post", "/api/v1/workflow-trials", { body: terms })).data;
}

export async function listRuns(workflow: Workflow): Promise<WorkflowRun[]> {
  return (await call("get", "/api/v1/workflows/{id}/runs", { path: { id: workflow.id }, query: { limit: 200 } })).data.items;
}

export async function endRun(run: WorkflowRun): Promise<void> {
  await call("post", "/api/v1/workflow-runs/{id}/end", { path: { id: run.id }, body: {} });
}

export function listApprovals(): Promise<WorkflowRun[]> {
  return everyPage((cursor) => call("get", "/api/v1/approvals", { query: { limit: 200, ...(cursor ? { cursor } : {}) } }));
}

export async function decideApproval(run: WorkflowRun, approve: boolean): Promise<void> {
  await call("post", "/api/v1/approvals/{id}", { path: { id: run.id }, body: { approve } });
}
