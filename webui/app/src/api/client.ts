// One way to the server: JSON in, JSON out, every failure an ApiError with a stable code.
import { language, t } from "../i18n";
import { loadRefusals, translated } from "../i18n/refusals";

export interface Problem {
  code: string;
  title: string;
  detail: string;
  status: number;
  errors: { pointer: string; detail: string }[];
}

export class ApiError extends Error {
  readonly problem: Problem;
  readonly retryAfter: number; // seconds; 0 when the server named none

  constructor(problem: Problem, retryAfter = 0) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get code(): string {
    return this.problem.code;
  }

  /** What the server said of one field of the body, if anything. */
  field(name: string): string | undefined {
    const said = this.problem.errors.find((error) => error.pointer.replace(/^[/#]+/, "") === name)?.detail;
    return said && (translated(said) ?? said);
  }
}

export interface Answer<T> {
  data: T;
  etag: string;
  status: number;
  headers: Headers;
}

export interface Request {
  query?: URLSearchParams | Record<string, string | number | undefined>;
  body?: unknown;
  etag?: string; // the version that a change is based on
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Characters of a change that is made even if the page is left meanwhile: browsers keep 64 KiB of them in all. */
const longestKept = 2000;

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

export function useCsrfToken(token: string): void {
  csrfToken = token;
}

/** Calls `handler` whenever an answer says that nobody is signed in any more. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** The headers that every request of ours carries. A change must show the session's token. */
export function commonHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = { "Accept-Language": language.value };
  if (method !== "GET" && method !== "HEAD" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  return headers;
}

function address(path: string, query: Request["query"]): string {
  const url = path;
  if (!query) return url;
  if (query instanceof URLSearchParams) return query.toString() ? `${url}?${query.toString()}` : url;
  const pairs = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== "");
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text ? `${url}?${text}` : url;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = { code: String(response.status), title: response.statusText, detail: "", status: response.status, errors: [] };
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) return fallback;
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback; // a cut answer: the status is all that is known
  }
}

export async function failureOf(response: Response): Promise<ApiError> {
  const error = new ApiError(await problemOf(response), Number(response.headers.get("Retry-After")) || 0);
  if (response.status === 401) onSignedOut();
  await loadRefusals();
  return error;
}

export async function send<T>(method: string, path: string, request: Request = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json", ...commonHeaders(method), ...request.headers };
  if (request.etag) headers["If-Match"] = request.etag;
  const form = request.body instanceof FormData ? request.body : undefined; // names its type by itself
  if (request.body !== undefined && !form) {
    headers["Content-Type"] = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  }
  const body = request.body === undefined ? undefined : form ?? JSON.stringify(request.body);
  let response: Response;
  try {
    response = await fetch(address(path, request.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(method !== "GET" && (body === undefined || (typeof body === "string" && body.length <= longestKept)) ? { keepalive: true } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError({ code: "network", title: t().errors.network, detail: "", status: 0, errors: [] });
  }
  if (!response.ok) throw await failureOf(response);
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const data = (isJson ? await response.json() : response.status === 204 ? undefined : await response.text()) as T;
  return { data, etag: response.headers.get("ETag") ?? "", status: response.status, headers: response.headers };
}

/** Somebody else has changed meanwhile what was to be changed (412). */
export function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 412;
}

/** Nobody is signed in any more (401). */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 401;
}

/** How long to wait, in milliseconds, before asking again what may pass. */
export const whileAway = 3000;

/** Whether the same request may be answered some time later: the service is away or busy, or somebody has to sign in again. */
export function mayPass(error: unknown): boolean {
  const status = error instanceof ApiError ? error.problem.status : 0;
  return status === 0 || status === 401 || status === 429 || status >= 500;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What the server said of a failure in the language of the page; where it has no words for that, what the code means, and what
 *  the server said in English. */
export function explainProblem({ code, detail, errors = [] }: { code: string; detail: string; errors?: Problem["errors"] }): string {
  const said = detail || errors.map((entry) => entry.detail).join(" ");
  const known = t().errors.codes[code];
  if (language.value === "en" || !said) return said || known || t().errors.title;
  const whole = translated(said);
  if (whole) return whole;
  const fields = errors.map((entry) => translated(entry.detail) ?? entry.detail).join("; ");
  return `${known ?? `${t().errors.title}.`} (${fields || said})`;
}

/** A failure in words for people: what the server said in their language, or what the code means. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t().errors.unexpected;
  const { code, detail, status, errors, title } = error.problem;
  if (code === "network") return t().errors.network;
  if (detail || errors.length > 0 || t().errors.codes[code]) return explainProblem(error.problem);
  return status >= 500 ? t().errors.unexpected : title || t().errors.title;
}
