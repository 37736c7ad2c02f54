// The one archive that is being sent to be brought in. It goes on while one looks at other screens; chosen again after a
// reload, it goes on where it was.
import { signal } from "@preact/signals";
import { lookOverArchive } from "../api/archive_imports";
import { ownKey } from "./own_key";
import { guard } from "./unsaved";
import { terminate, upload } from "./uploads";

export interface Sending {
  name: string;
  size: number;
  sent: number;
  interrupted: boolean;
}

export const sending = signal<Sending | null>(null);
let controller = new AbortController();

guard({ unsaved: () => sending.value !== null, forget: () => controller.abort() });

/** Answers with the number of the import when all of it was sent. What it fails with was aborted or refused. */
export async function sendArchive(file: File): Promise<number> {
  controller = new AbortController();
  const mark = `${file.name} ${file.size} ${file.lastModified}`;
  const before = kept();
  let url = before?.mark === mark ? before.url : null;
  const note = (change: Partial<Sending>) => { if (sending.value) sending.value = { ...sending.value, ...change }; };
  sending.value = { name: file.name, size: file.size, sent: 0, interrupted: false };
  try {
    await upload({
      file, url, metadata: { filename: file.name, purpose: "archive-import" }, signal: controller.signal,
      onCreated: (created) => { url = created; keep({ mark, url: created }); },
      onProgress: (sent) => note({ sent, interrupted: false }),
      onInterrupted: () => note({ interrupted: true }),
    });
    const id = await lookOverArchive(url ?? "");
    keep(null);
    return id;
  } finally {
    sending.value = null;
  }
}

/** Forgets what was sent of it, too. */
export function stopSending(): void {
  controller.abort();
  const before = kept();
  keep(null);
  if (before) void terminate(before.url).catch(() => undefined); // it expires by itself
}

interface Kept {
  mark: string;
  url: string;
}

function kept(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(ownKey("archive-upload")) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function keep(upload: Kept | null): void {
  try {
    if (upload) localStorage.setItem(ownKey("archive-upload"), JSON.stringify(upload));
    else localStorage.removeItem(ownKey("archive-upload"));
  } catch {
    // without storage it begins anew after a reload
  }
}
