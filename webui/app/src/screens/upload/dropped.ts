// What was dropped: files, and all that is in folders.

export interface Dropped {
  files: File[];
  paths: Map<File, string>;
  unreadable: number; // files and folders that the browser may not or cannot read
}

/** What does not let itself be read keeps nothing else out. */
export async function readEntries(entries: readonly FileSystemEntry[]): Promise<Dropped> {
  const found: Dropped = { files: [], paths: new Map(), unreadable: 0 };
  for (const entry of entries) await collect(entry, found);
  return found;
}

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
