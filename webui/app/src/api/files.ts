// Files that the server makes of what a request's body asks for, so that nothing of it stands in an address or a log; or,
// without a body, of what its address says.
import { commonHeaders, failureOf } from "./client";

export async function fetchFile(path: string, body: unknown): Promise<Blob> {
  const response = await fetch(path, body === undefined ? { credentials: "same-origin", headers: commonHeaders("GET") } : {
    method: "POST", credentials: "same-origin", headers: { ...commonHeaders("POST"), "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!response.ok) throw await failureOf(response);
  return response.blob();
}

export async function saveFile(path: string, body: unknown, name: string): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await fetchFile(path, body));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
