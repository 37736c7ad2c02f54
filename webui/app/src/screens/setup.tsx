import { useState } from "preact/hooks";
import { ApiError, explain } from "../api/client";
import { setUp } from "../api/session";
import { Banner, Button, TextField } from "../components/controls";
import { language, tLater } from "../i18n";
import { adoptSession, sessionState } from "../state/session";
import { Welcome } from "./sign_in";

/** The first run: whoever has the one-time code from the console makes the first account. */
export function SetupScreen() {
  const [form, setForm] = useState({ code: codeFromAddress(), name: "", displayName: "", password: "", repeat: "" });
  const [error, setError] = useState<unknown>(null);
  const [mismatch, setMismatch] = useState(false);
  const [busy, setBusy] = useState(false);
  const text = tLater().setup;
  const set = (field: keyof typeof form) => (value: string) => setForm({ ...form, [field]: value });
  const problem = (field: string) => (error instanceof ApiError ? error.field(field) : undefined);

  const submit = async (event: Event) => {
    event.preventDefault();
    setMismatch(form.password !== form.repeat);
    if (form.password !== form.repeat) return;
    setBusy(true);
    setError(null);
    try {
      adoptSession(await setUp({
        code: form.code.trim(), name: form.name.trim(), display_name: form.displayName.trim(), password: form.password, language: language.value,
      }));
      history.replaceState(null, "", "/");
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const done = error instanceof ApiError && error.problem.status === 409;
  return (
    <Welcome>
      <form onSubmit={(event) => void submit(event)}>
        <div>
          <h1>{text.title}</h1>
          <p class="muted">{text.lead}</p>
        </div>
        {error !== null && (
          <Banner kind="danger">
            {done ? text.done : explain(error)}{" "}
            {done && <button type="button" class="link-button" onClick={() => { sessionState.value = "signed-out"; }}>{text.toSignIn}</button>}
          </Banner>
        )}
        <TextField label={text.code} hint={text.codeHint} error={problem("code")} name="code" autoComplete="one-time-code" required value={form.code} onInput={set("code")} />
        <TextField label={text.name} error={problem("name")} name="username" autoComplete="username" autoCapitalize="none" required value={form.name} onInput={set("name")} />
        <TextField label={text.displayName} error={problem("display_name")} name="display-name" autoComplete="name" value={form.displayName} onInput={set("displayName")} />
        <TextField label={text.password} hint={text.passwordHint} error={problem("password")} name="password" type="password" autoComplete="new-password" required
          minLength={12} value={form.password} onInput={set("password")} />
        <TextField label={text.repeat} error={mismatch ? text.mismatch : undefined} name="repeat" type="password" autoComplete="new-password" required
          value={form.repeat} onInput={set("repeat")} />
        <Button type="submit" kind="primary" disabled={busy}>{text.submit}</Button>
      </form>
    </Welcome>
  );
}

/** The console prints an address with the code in its fragment, which never reaches a server's log. */
function codeFromAddress(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get("code") ?? "";
}
