import { useState } from "preact/hooks";
import { explain } from "../api/client";
import { unlockDocument } from "../api/documents";
import { fetchJob } from "../api/jobs";
import { t } from "../i18n";
import { Button } from "./controls";

/** Asks for the password of a protected file, right where its waiting is told. */
export function UnlockForm({ id, name, onUnlocked }: { id: number; name: string; onUnlocked?: () => void }) {
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!password) return;
    setBusy(true);
    setError("");
    try {
      const job = await unlockDocument(id, password);
      const opened = job === null || await opens(job);
      setPassword("");
      if (opened) onUnlocked?.();
      else setError(t().upload.wrongPassword);
    } catch (failure) {
      setError(explain(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="unlock" onSubmit={(event) => void submit(event)}>
      <input class="input" type="password" autoComplete="off" aria-label={t().upload.password(name)} value={password}
        aria-invalid={error ? "true" : undefined} onInput={(event) => setPassword(event.currentTarget.value)} />
      <Button type="submit" icon="lock" disabled={busy || !password}>{t().upload.unlock}</Button>
      {error && <span class="error" role="alert">{error}</span>}
    </form>
  );
}

/** Whether the password was the right one: a wrong one makes the job wait for a password again. */
async function opens(job: number): Promise<boolean> {
  for (let wait = 100; wait < 6000; wait *= 1.5) {
    const { state, stage, problem } = await fetchJob(job);
    if (state === "waiting") return problem?.code !== "password_needed";
    if (state !== "queued" && !(state === "running" && (stage === "" || stage === "inspecting"))) return true;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return true; // a busy queue: the list tells when it asks again
}
