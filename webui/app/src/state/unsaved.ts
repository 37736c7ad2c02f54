// What a person has begun and would lose with the page: the browser asks before it leaves it.

interface Work {
  /** Whether there is any at this moment. */
  unsaved: () => boolean;
  /** Lets go of it: somebody else may sit here next. */
  forget: () => void;
}

const works: Work[] = [];

/** Watches over a kind of work for as long as the page stands. */
export function guard(work: Work): void {
  works.push(work);
}

/** Whether there is anything at this moment that a person would lose. */
export function isUnsaved(): boolean {
  return works.some(({ unsaved }) => unsaved());
}

/** To be called when somebody signs out. */
export function forgetUnsaved(): void {
  for (const { forget } of works) forget();
}

export function startGuarding(): void {
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
}
