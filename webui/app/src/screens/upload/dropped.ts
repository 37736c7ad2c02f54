// What was dropped: files, and all that is in folders.

export interface Dropped {
  files: File[];
  paths: Map<File, string>;
  unreadable: number; // files and folders that the browser may not or cannot read
}

const few = 100;

/** What was dropped, in the order in which it was. To be called while the event is handled. */
export async function readDropped(transfer: Pick<DataTransfer, "items" | "files">): Promise<Dropped> {
  const items = [...transfer.items].filter(({ kind }) => kind === "file"); // the same as `files`, in their order
  // To ask thousands whether they are folders keeps the page waiting. A folder has no type, unless it is called like a file.
  const entries = items.map((item) => (items.length <= few || item.type === "" ? item.webkitGetAsEntry?.() ?? null : null));
  const found: Dropped = { files: [], paths: new Map(), unreadable: 0 };
  for (const [index, file] of [...transfer.files].entries()) {
    const entry = entries[index];
    if (entry?.isDirectory) await collect(entry, found);
    else found.files.push(file);
  }
  return found;
}

/** What does not let itself be read keeps nothing else out. */
async function collect(entry: FileSystemEntry, found: Dropped): Promise<void> {
  try {
    if (entry.isFile) return keep(entry.fullPath, await fileOf(entry as FileSystemFileEntry), found);
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0) return;
      for (const child of batch) await collect(child, found);
    }
  } catch {
    found.unreadable += 1;
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function keep(path: string, file: File, { files, paths }: Dropped): void {
  files.push(file);
  paths.set(file, path.replace(/^\//, ""));
}
