// The classes of the file plan, the folders in them, and the retention schedules that they go by.
import { call, everyPage } from "./call";
import { etagOf, type Class, type ClassVersion, type Folder, type Schedule, type ScheduleTerms, type ScheduleVersion } from "./types";

export interface ClassFields {
  code: string;
  title: string;
  scope_note: string;
  schedule: number | null; // null: what the class above has
  declares_on_filing: boolean;
}

export function allClasses(): Promise<Class[]> {
  return everyPage((cursor) => call("get", "/api/v1/classes", { query: { limit: 200, cursor } }));
}

export async function fetchClass(id: number): Promise<Class> {
  return (await call("get", "/api/v1/classes/{id}", { path: { id } })).data;
}

export async function fetchFolder(id: number): Promise<Folder> {
  return (await call("get", "/api/v1/folders/{id}", { path: { id } })).data;
}

export async function createClass(parent: number | null, fields: ClassFields): Promise<Class> {
  return (await call("post", "/api/v1/classes", { body: { parent, ...fields } })).data;
}

/** Makes the classes and schedules of a plan that comes with the program. */
export async function loadReadyMadePlan(name: string): Promise<void> {
  await call("post", "/api/v1/file-plan", { body: { ready_made: name } });
}

export async function changeClass(changed: Class, fields: Partial<ClassFields> & { status?: Class["status"] }): Promise<void> {
  await call("patch", "/api/v1/classes/{id}", { path: { id: changed.id }, etag: etagOf(changed), body: fields });
}

export function allFolders(inClass?: number): Promise<Folder[]> {
  return everyPage((cursor) => call("get", "/api/v1/folders", { query: { class: inClass, limit: 200, cursor } }));
}

export async function createFolder(inClass: number, title: string): Promise<void> {
  await call("post", "/api/v1/folders", { body: { class: inClass, title } });
}

export async function changeFolder(changed: Folder, change: { title?: string; status?: Folder["status"]; schedule?: number | null; reason?: string }): Promise<void> {
  await call("patch", "/api/v1/folders/{id}", { path: { id: changed.id }, etag: etagOf(changed), body: change });
}

export function allSchedules(): Promise<Schedule[]> {
  return everyPage((cursor) => call("get", "/api/v1/schedules", { query: { limit: 200, cursor } }));
}

export async function createSchedule(code: string, terms: ScheduleTerms): Promise<void> {
  await call("post", "/api/v1/schedules", { body: { code, ...terms } });
}

export async function changeSchedule(changed: Schedule, terms: ScheduleTerms, reason: string): Promise<void> {
  await call("patch", "/api/v1/schedules/{id}", { path: { id: changed.id }, etag: etagOf(changed), body: { ...terms, reason } });
}

export async function setScheduleStatus(changed: Schedule, status: Schedule["status"]): Promise<void> {
  await call("patch", "/api/v1/schedules/{id}", { path: { id: changed.id }, etag: etagOf(changed), body: { status } });
}

export function scheduleVersions(id: number): Promise<ScheduleVersion[]> {
  return everyPage((cursor) => call("get", "/api/v1/schedules/{id}/versions", { path: { id }, query: { limit: 200, cursor } }));
}

export function classVersions(id: number): Promise<ClassVersion[]> {
  return everyPage((cursor) => call("get", "/api/v1/classes/{id}/versions", { path: { id }, query: { limit: 200, cursor } }));
}
