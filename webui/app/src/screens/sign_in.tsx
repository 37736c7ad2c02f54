import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
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
  const [code, setCode] = useState<string | null>(null); // null: none was asked for
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const text = t().signIn;
  useLayoutEffect(() => first.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      await signIn(name.trim(), password, code ?? undefined);
    } catch (failure) {
      if (failure instanceof ApiError && failure.problem.code === "second_factor_needed") setCode("");
      else setError(reason(failure, code !== null));
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
        {code !== null && <CodeField value={code} onInput={setCode} />}
        <Button type="submit" kind="primary" disabled={busy || !name || !password || code === ""}>{text.submit}</Button>
      </form>
    </Welcome>
  );
}

/** The same over the whole page, which stays as it is behind it. */
export function SignInAgain() {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => { dialog.current?.showModal(); };
  useLayoutEffect(show, []);
  return (
    <dialog ref={dialog} class="sign-in-again" aria-label={t().signIn.title} onCancel={(event) => event.preventDefault()} onClose={show}>
      <SignInScreen />
    </dialog>
  );
}

/** Has the focus as soon as it is there: whoever signs in goes on typing. */
function CodeField({ value, onInput }: { value: string; onInput: (code: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  return <TextField label={t().signIn.code} hint={t().signIn.codeHint} name="code" autoComplete="one-time-code" required inputRef={input} value={value} onInput={onInput} />;
}

function reason(failure: unknown, withCode: boolean): string {
  if (failure instanceof ApiError && failure.problem.status === 401) return withCode ? t().signIn.wrongCode : t().signIn.wrong;
  if (failure instanceof ApiError && failure.problem.status === 429) return t().signIn.throttled;
  return explain(failure);
}
