// A small client of tus 1.0.0 (https://tus.io/protocols/resumable-upload): creation, resuming, ending.
import { t } from "../i18n";
import { ApiError, commonHeaders, failureOf } from "./client";

const chunkSize = 8 * 1024 * 1024;
const endpoint = "/api/v1/uploads";

export interface UploadTarget {
  file: File;
  url: string | null; // where an earlier attempt began, to be resumed
  metadata: Record<string, string>;
  onCreated: (url: string) => void;
  onProgress: (sent: number) => void;
  onInterrupted: () => void;
  signal: AbortSignal;
}

/** Sends the file, resuming after every interruption until it is sent, refused or aborted. Returns the last answer's headers. */
export async function upload(target: UploadTarget): Promise<Headers> {
  let url = target.url;
  for (let failures = 0; ; ) {
    try {
      let offset = 0;
      const known = url ? await currentState(url, target) : null;
      if (known) offset = Number(known.get("Upload-Offset") ?? 0);
      else url = null;
      if (known && offset >= target.file.size) return known; // it was complete; only the last answer was lost
      if (!url) {
        url = await create(target);
        target.onCreated(url);
      }
      return await sendFrom(url, offset, target, () => { failures = 0; });
    } catch (error) {
      if (target.signal.aborted || (error instanceof ApiError && isFinal(error))) throw error;
      if (!(await isReadable(target.file))) throw new ApiError({ code: "unreadable_file", title: t().upload.unreadable, detail: "", status: 0, errors: [] });
      failures += 1;
      target.onInterrupted();
      await pause(Math.min(30_000, 500 * 2 ** failures), target.signal);
    }
  }
}

/** Tells the server to forget an unfinished upload. */
export async function terminate(url: string): Promise<void> {
  await fetch(url, { method: "DELETE", headers: { ...commonHeaders("DELETE"), "Tus-Resumable": "1.0.0" }, credentials: "same-origin" });
}

/** A refusal that trying again does not change, not before tomorrow at least; a wrong offset, a busy server or a lost line may get better. */
function isFinal(error: ApiError): boolean {
  const { status } = error.problem;
  if (error.code === "quota_exceeded") return true;
  return status >= 400 && status < 500 && ![408, 409, 423, 425, 429, 460].includes(status);
}

/** A file that was changed or removed since it was chosen fails as a lost line does. */
async function isReadable(file: File): Promise<boolean> {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

async function create({ file, metadata, signal }: UploadTarget): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      ...commonHeaders("POST"),
      "Tus-Resumable": "1.0.0",
      "Upload-Length": String(file.size),
      "Upload-Metadata": Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`).join(","),
    },
    credentials: "same-origin",
    signal,
  });
  if (!response.ok) throw await failureOf(response);
  const location = response.headers.get("Location");
  if (!location) throw new ApiError({ code: "internal", title: "The server named no place for the upload", detail: "", status: 500, errors: [] });
  return new URL(location, window.location.origin).pathname;
}

/** How far the server says it is, in headers; null when it does not know the upload any more. */
async function currentState(url: string, { file, signal }: UploadTarget): Promise<Headers | null> {
  let response = await fetch(url, {
    method: "HEAD", headers: { ...commonHeaders("HEAD"), "Tus-Resumable": "1.0.0" }, credentials: "same-origin", signal, cache: "no-store",
  });
  if (response.status === 507) {
    // All of it is there, and cannot be taken in now. The answer to HEAD has no words for why; that to sending nothing more has.
    response = await fetch(url, {
      method: "PATCH", credentials: "same-origin", signal, body: "",
      headers: { ...commonHeaders("PATCH"), "Tus-Resumable": "1.0.0", "Upload-Offset": String(file.size), "Content-Type": "application/offset+octet-stream" },
    });
  }
  if ([404, 410, 403].includes(response.status)) return null;
  if (!response.ok) throw await failureOf(response);
  return response.headers;
}

async function sendFrom(url: string, start: number, target: UploadTarget, onAccepted: () => void): Promise<Headers> {
  let offset = start;
  for (;;) {
    const chunk = target.file.slice(offset, offset + chunkSize);
    const headers = await patch(url, offset, chunk, target);
    onAccepted();
    offset = Number(headers.get("Upload-Offset") ?? offset + chunk.size);
    target.onProgress(offset);
    if (offset >= target.file.size) return headers;
  }
}

/** fetch tells no upload progress; XMLHttpRequest does. */
function patch(url: string, offset: number, chunk: Blob, { onProgress, signal }: UploadTarget): Promise<Headers> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", url);
    const headers = { ...commonHeaders("PATCH"), "Tus-Resumable": "1.0.0", "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const abort = () => request.abort();
    signal.addEventListener("abort", abort, { once: true });
    request.upload.onprogress = (event) => onProgress(offset + event.loaded);
    request.onload = () => {
      signal.removeEventListener("abort", abort);
      const answer = new Response(request.status === 204 ? null : request.responseText, {
        status: request.status, headers: parseHeaders(request.getAllResponseHeaders()),
      });
      if (answer.ok) resolve(answer.headers);
      else void failureOf(answer).then(reject);
    };
    request.onerror = () => reject(new Error("the connection was lost"));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    request.send(chunk);
  });
}

function parseHeaders(text: string): Headers {
  const headers = new Headers();
  for (const line of text.trim().split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}

export function base64(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    }, { once: true });
  });
}

/** What a finished upload became, from the headers of its last answer. */
export function uploadResult(headers: Headers): { documentId: number; jobId: number | null; duplicate: boolean } {
  const number = (name: string) => Number(headers.get(name)) || null;
  const duplicateOf = number("Muniment-Duplicate-Of");
  return { documentId: duplicateOf ?? number("Muniment-Document") ?? 0, jobId: number("Muniment-Job"), duplicate: duplicateOf !== null };
}
