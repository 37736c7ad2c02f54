// A server that answers as a test says.

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  etag: string; // of the version that a change is based on
}

/** `answer` returns what is sent as JSON, or a number: the status of a refusal. Returns what was asked, as it grows. */
export function answering(answer: (asked: Asked) => unknown): Asked[] {
  const all: Asked[] = [];
  globalThis.fetch = async (address, options) => {
    const asked = {
      method: options?.method ?? "GET",
      path: new URL(String(address), "http://archive.test").pathname,
      body: JSON.parse(String(options?.body ?? "null")) as unknown,
      etag: new Headers(options?.headers).get("If-Match") ?? "",
    };
    all.push(asked);
    const said = await answer(asked);
    const headers = { "Content-Type": "application/json" };
    if (typeof said === "number") return new Response(JSON.stringify({ code: said === 412 ? "stale" : "not_found", title: "No", status: said }), { status: said, headers });
    if (said === undefined) return new Response(null, { status: 204 });
    return new Response(JSON.stringify(said), { headers });
  };
  return all;
}
