// The classes of the file plan, the folders in them, and the retention schedules that they go by.
import { call, everyPage } from "./call";
import { mostFound, type FoundName } from "./names";
import { etagOf, type Class, type ClassVersion, type Folder, type ImportedPlan, type Schedule, type ScheduleTerms, type ScheduleVersion } from "./types";

export interface ClassFields {
  code: string;
  title: string;
  scope_note: string;
  schedule: number | null; // null: what the class above has
  declares_on_filing: boolean;
}

export interface Part<T> {
  items: T[];
  next: string | null; // pass it for what follows; null at the end
}

const partSize = 100;

/** The classes directly below one; 0: at the top. */
export async function classesBelow(parent: number, cursor?: string): Promise<Part<Class>> {
  return (await call("get", "/api/v1/classes", { query: { parent, limit: partSize, cursor } })).data;
}

/** Classes by a part of their code or title, also those that accept nothing new: for looking at what is in them. */
export async function findAnyClass(part: string, signal: AbortSignal): Promise<FoundName[]> {
  const { items } = (await call("get", "/api/v1/classes", { query: { q: part, limit: mostFound }, signal })).data;
  return items.map(({ id, code, title }) => ({ id, name: `${code} ${title}` }));
}

/** A class and those above it, from the top. */
export async function lineOf(id: number): Promise<Class[]> {
  const line: Class[] = [];
  for (let next: number | null = id; next !== null; next = line[0]?.parent ?? null) line.unshift(await fetchClass(next));
  return line;
}

export async function fetchClass(id: number): Promise<Class> {
  return (await call("get", "/api/v1/classes/{id}", { path: { id } })).data;
}

/** A class or folder as people call it, and whether something can be filed there: neither it nor a class above it is closed. */
export async function placeOf(field: "class" | "folder", id: number): Promise<{ name: string; accepts: boolean }> {
  const folder = field === "folder" ? await fetchFolder(id) : null;
  const line = await lineOf(folder ? folder.class.id : id);
  const own = line.at(-1);
  return { name: folder ? folder.title : `${own?.code} ${own?.title}`, accepts: [...line, ...(folder ? [folder] : [])].every(({ status }) => status === "open") };
}

export async function fetchFolder(id: number): Promise<Folder> {
  return (await call("get", "/api/v1/folders/{id}", { path: { id } })).data;
}

export async function createClass(parent: number | null, fields: ClassFields): Promise<Class> {
  return (await call("post", "/api/v1/classes", { body: { parent, ...fields } })).data;
}

/** The names of the plans that come with the program. */
export async function readyMadePlans(): Promise<string[]> {
  return (await call("get", "/api/v1/file-plan/ready-made", {})).data.items;
}

/** Makes the classes and schedules of a plan that are not there yet; all of them or none. */
export async function importPlan(plan: { ready_made: string } | { csv: string }): Promise<ImportedPlan> {
  return (await call("post", "/api/v1/file-plan", { body: plan })).data;
}

export async function changeClass(changed: Class, fields: Partial<ClassFields> & { status?: Class["status"] }): Promise<Class> {
  return (await call("patch", "/api/v1/classes/{id}", { path: { id: changed.id }, etag: etagOf(changed), body: fields })).data;
}

/** Its own list; null: the one of the class above. */
export async function setClassAccess(changed: Class, accessList: number | null): Promise<Class> {
  return (await call("put", "/api/v1/classes/{id}/access-list", { path: { id: changed.id }, etag: etagOf(changed), body: { access_list: accessList } })).data;
}

/** Its own list; null: the one of its class. */
export async function setFolderAccess(changed: Folder, accessList: number | null): Promise<Folder> {
  return (await call("put", "/api/v1/folders/{id}/access-list", { path: { id: changed.id }, etag: etagOf(changed), body: { access_list: accessList } })).data;
}

/** Below another class; null: to the top. */
export async function moveClass(moved: Class, parent: number | null): Promise<void> {
  await call("put", "/api/v1/classes/{id}/parent", { path: { id: moved.id }, etag: etagOf(moved), body: { parent } });
}

export async function moveFolder(moved: Folder, inClass: number): Promise<void> {
  await call("put", "/api/v1/folders/{id}/class", { path: { id: moved.id }, etag: etagOf(moved), body: { class: inClass } });
}

/** Only what was never used: the server refuses the rest. */
export async function deleteClass(mistake: Class): Promise<void> {
  await call("delete", "/api/v1/classes/{id}", { path: { id: mistake.id }, etag: etagOf(mistake) });
}

export async function deleteFolder(mistake: Folder): Promise<void> {
  await call("delete", "/api/v1/folders/{id}", { path: { id: mistake.id }, etag: etagOf(mistake) });
}

/** Folders of a class by a part of their title. */
export async function foldersOf(inClass: number, part: string, cursor?: string): Promise<Part<Folder>> {
  return (await call("get", "/api/v1/folders", { query: { class: inClass, q: part, limit: partSize, cursor } })).data;
}

export async function createFolder(inClass: number, title: string): Promise<void> {
  await call("post", "/api/v1/folders", { body: { class: inClass, title } });
}

export async function changeFolder(changed: Folder, change: { title?: string; public_title?: string | null; status?: Folder["status"]; schedule?: number | null; reason?: string }): Promise<Folder> {
  return (await call("patch", "/api/v1/folders/{id}", { path: { id: changed.id }, etag: etagOf(changed), body: change })).data;
}

/** By a part of their code or title. */
export async function schedulesFrom(part: string, cursor?: string): Promise<Part<Schedule>> {
  return (await call("get", "/api/v1/schedules", { query: { q: part, limit: partSize, cursor } })).data;
}

/** Schedules in use, by a part of their code or title; `fit` may leave some out, in whose place later ones come. */
export async function findSchedules(part: string, signal: AbortSignal, fit: (schedule: Schedule) => boolean = () => true): Promise<FoundName[]> {
  const found: Schedule[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = (await call("get", "/api/v1/schedules", { query: { q: part, open: "true", limit: mostFound, cursor }, signal })).data;
    found.push(...items.filter(fit));
    cursor = next ?? undefined;
  } while (cursor && found.length < mostFound);
  return found.slice(0, mostFound).map(({ id, code, terms }) => ({ id, name: `${code} ${terms.title}` }));
}

export async function fetchSchedule(id: number): Promise<Schedule> {
  return (await call("get", "/api/v1/schedules/{id}", { path: { id } })).data;
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
