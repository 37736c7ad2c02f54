// Setting up the second factor of signing in, its recovery codes, and turning it off.
import { useState } from "preact/hooks";
import { beginSecondFactor, confirmSecondFactor, fetchSecondFactor, renewRecoveryCodes, turnOffSecondFactor } from "../../api/second_factor";
import type { SecondFactor, SecondFactorSecret } from "../../api/types";
import { Banner, Button, TextField } from "../../components/controls";
import { copyText } from "../../components/copy";
import { Dialog } from "../../components/dialog";
import { FormDialog } from "../../components/form_dialog";
import { QrCode } from "../../components/qr_code";
import { Content, Screen } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { refreshSession, session } from "../../state/session";
import { showToast } from "../../state/toasts";

type Step = "password" | "renew" | "off" | null;

/** For who may do nothing before it is set up. */
export function SecondFactorScreen() {
  const text = tLater().secondFactor;
  return (
    <Screen title={text.title} lead={text.lead}>
      <Banner kind="warn">{text.required}</Banner>
      <SecondFactorSettings />
    </Screen>
  );
}

export function SecondFactorSettings() {
  const factor = useLoaded(fetchSecondFactor);
  const [step, setStep] = useState<Step>(null);
  const [secret, setSecret] = useState<SecondFactorSecret | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const text = tLater().secondFactor;
  const close = () => setStep(null);
  const kept = async () => {
    setCodes([]);
    await factor.reload();
    if (session.value?.second_factor_required) await refreshSession();
  };
  return (
    <>
      <Content of={factor}>{(now) => <State factor={now} onStep={setStep} />}</Content>
      {step === "password" && (
        <AskFor title={text.set} label={text.password} field="current_password" type="password" action={text.set} onClose={close}
          onSave={async (password) => setSecret(await beginSecondFactor(password))} />
      )}
      {secret && <Confirm secret={secret} onClose={() => setSecret(null)} onConfirmed={setCodes} />}
      {step === "renew" && (
        <AskFor title={text.renew} label={text.code} field="code" hint={text.codeOrRecovery} action={text.renew} onClose={close}
          onSave={async (code) => setCodes(await renewRecoveryCodes(code))} />
      )}
      {step === "off" && (
        <AskFor title={text.turnOff} label={text.code} field="code" hint={text.codeOrRecovery} action={text.turnOff} onClose={close}
          onSave={async (code) => { await turnOffSecondFactor(code); showToast(text.turnedOff); await factor.reload(); }} />
      )}
      {codes.length > 0 && (
        <Dialog title={text.recovery} onClose={() => void kept()} footer={
          <>
            <Button icon="copy" onClick={() => copyText(codes.join("\n"))}>{text.copy}</Button>
            <Button kind="primary" onClick={() => void kept()}>{text.done}</Button>
          </>
        }>
          <Banner kind="warn">{text.recoveryHelp}</Banner>
          <ul data-recovery="">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
        </Dialog>
      )}
    </>
  );
}

function State({ factor, onStep }: { factor: SecondFactor; onStep: (step: Step) => void }) {
  const text = tLater().secondFactor;
  if (!factor.on) return <div class="button-row"><span class="grow">{text.off}</span><Button icon="lock" onClick={() => onStep("password")}>{text.set}</Button></div>;
  return (
    <>
      <p>{text.on(factor.since ? formatDate(factor.since) : "")} · {text.left(factor.recovery_codes_left)}</p>
      <div class="button-row">
        <Button onClick={() => onStep("renew")}>{text.renew}</Button>
        <Button kind="danger" onClick={() => onStep("off")}>{text.turnOff}</Button>
      </div>
    </>
  );
}

function AskFor({ title, label, hint, field, type, action, onClose, onSave }: {
  title: string; label: string; hint?: string; field: string; type?: "text" | "password"; action: string;
  onClose: () => void; onSave: (value: string) => Promise<void>;
}) {
  const [value, setValue] = useState("");
  return (
    <FormDialog title={title} action={action} onClose={onClose} onSave={() => onSave(value)}>
      {(problem) => (
        <TextField label={label} name={field} type={type ?? "text"} required autoComplete={type === "password" ? "current-password" : "one-time-code"}
          {...(hint ? { hint } : {})} error={problem(field)} value={value} onInput={setValue} />
      )}
    </FormDialog>
  );
}

function Confirm({ secret, onClose, onConfirmed }: { secret: SecondFactorSecret; onClose: () => void; onConfirmed: (codes: string[]) => void }) {
  const [code, setCode] = useState("");
  const text = tLater().secondFactor;
  return (
    <FormDialog title={text.set} action={text.confirm} onClose={onClose} onSave={async () => onConfirmed(await confirmSecondFactor(code))}>
      {(problem) => (
        <>
          <p>{text.scan}</p>
          <QrCode rows={secret.qr_code} label={text.qr} />
          <p>{text.key}: <code class="secret">{secret.secret}</code></p>
          <TextField label={text.code} name="code" required autoComplete="one-time-code" hint={text.codeHint} error={problem("code")} value={code} onInput={setCode} />
        </>
      )}
    </FormDialog>
  );
}
