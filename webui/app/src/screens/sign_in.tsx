import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, explain } from "../api/client";
import { Banner, Button, TextField } from "../components/controls";
import { Logo } from "../components/icon";
import { language, languages, setLanguage, t } from "../i18n";
import { sessionEnded, signIn } from "../state/session";

/** The frame of the screens that stand before anybody is signed in. */
export function Welcome({ children }: { children: ComponentChildren }) {
  const text = t().welcome;
  return (
    <div class="welcome">
      <aside class="art">
        <div class="brand"><Logo size={40} />Muniment</div>
        <p class="motto">{text.motto}</p>
        <p class="sub">{text.sub}</p>
      </aside>
      <main>
        {children}
        <nav class="languages" aria-label={t().nav.language}>
          {Object.entries(languages).map(([code, { name }]) => (
            <button key={code} type="button" class="link-button" lang={code} aria-pressed={language.value === code} onClick={() => void setLanguage(code)}>{name}</button>
          ))}
        </nav>
      </main>
    </div>
  );
}

export function SignInScreen() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const text = t().signIn;
  useEffect(() => first.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      await signIn(name.trim(), password);
    } catch (failure) {
      setError(reason(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Welcome>
      <form onSubmit={(event) => void submit(event)}>
        <div>
          <h1>{text.title}</h1>
          <p class="muted">{text.lead}</p>
        </div>
        {sessionEnded.value && !error && <Banner>{text.ended}</Banner>}
        {error && <Banner kind="danger">{error}</Banner>}
        <TextField label={text.name} name="username" autoComplete="username" autoCapitalize="none" required inputRef={first} value={name} onInput={setName} />
        <TextField label={text.password} name="password" type="password" autoComplete="current-password" required value={password} onInput={setPassword} />
        <Button type="submit" kind="primary" disabled={busy || !name || !password}>{text.submit}</Button>
      </form>
    </Welcome>
  );
}

/** The same over the whole page, which stays as it is behind it. */
export function SignInAgain() {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => { dialog.current?.showModal(); };
  useEffect(show, []);
  return (
    <dialog ref={dialog} class="sign-in-again" aria-label={t().signIn.title} onCancel={(event) => event.preventDefault()} onClose={show}>
      <SignInScreen />
    </dialog>
  );
}

function reason(failure: unknown): string {
  if (failure instanceof ApiError && failure.problem.status === 401) return t().signIn.wrong;
  if (failure instanceof ApiError && failure.problem.status === 429) return t().signIn.throttled;
  return explain(failure);
}
