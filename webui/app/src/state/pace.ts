// How often the server is asked for what changes all the time.

/** Has `act` called once what is wished for is due; of several wishes the first that is due makes one call for all. */
export function soon(act: () => void): (delay: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Infinity;
  return (delay) => {
    const wished = Date.now() + delay;
    if (wished >= due) return;
    clearTimeout(timer);
    due = wished;
    timer = setTimeout(() => {
      due = Infinity;
      act();
    }, delay);
  };
}

/** `load` never twice at a time: who asks while it is under way gets one more, afterwards. Neither may throw. */
export function oneAtATime(load: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => (running = load().finally(() => { running = null; }));
  return () => {
    if (!running) return begin();
    return (next ??= running.then(() => {
      next = null;
      return begin();
    }));
  };
}
