// What is one's own: name, password, where one is signed in, how the page looks and speaks, mail, and tokens for programs.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { fetchOwnMail } from "../../api/notifications";
import type { OwnMail } from "../../api/types";
import { Button, Checkbox, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content, Screen } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { language, languages, t, tLater } from "../../i18n";
import { singleKeys, theme, themes } from "../../state/preferences";
import { changeSelf, chooseLanguage, session } from "../../state/session";
import { showToast } from "../../state/toasts";
import { MailDialog } from "./own_mail";
import { PasswordDialog } from "./password";
import { SecondFactorSettings } from "./second_factor";
import { Sessions } from "./sessions";
import { Tokens } from "./tokens";

export function YouScreen() {
  const [doing, setDoing] = useState<"name" | "password" | null>(null);
  const [passwords, setPasswords] = useState(0);
  const text = tLater().you;
  const account = session.value?.account;
  if (!account) return null;
  const role = (tLater().admin.roles as Record<string, string>)[account.role] ?? account.role;
  return (
    <Screen title={text.title} lead={text.signedInAs(account.name, role)}>
      <Part title={text.name}>
        <div class="button-row">
          <span class="grow"><strong>{account.display_name || account.name}</strong> <span class="muted">{text.nameHelp}</span></span>
          <Button icon="edit" onClick={() => setDoing("name")}>{text.rename}</Button>
        </div>
      </Part>
      <Part title={text.password}>
        <div class="button-row"><span class="grow">{text.passwordHelp}</span><Button icon="key" onClick={() => setDoing("password")}>{text.changePassword}</Button></div>
      </Part>
      <Part title={tLater().secondFactor.title}>
        <p class="muted">{tLater().secondFactor.lead}</p>
        <SecondFactorSettings />
      </Part>
      <Part title={text.sessions}><Sessions key={passwords} /></Part>
      <Part title={text.page}><PageSettings /></Part>
      <Part title={text.mail}><Mail /></Part>
      <Part title={tLater().admin.tokens}><Tokens /></Part>
      {doing === "name" && <NameDialog name={account.display_name} onClose={() => setDoing(null)} />}
      {doing === "password" && <PasswordDialog name={account.name} onClose={() => setDoing(null)} onChanged={() => setPasswords(passwords + 1)} />}
    </Screen>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="stack" aria-label={title}><h2>{title}</h2>{children}</section>;
}

function NameDialog({ name: before, onClose }: { name: string; onClose: () => void }) {
  const [name, setName] = useState(before);
  const text = tLater().you;
  return (
    <FormDialog title={text.rename} onClose={onClose} onSave={() => changeSelf({ display_name: name.trim() })}>
      {(problem) => <TextField label={text.name} name="display_name" autoComplete="name" error={problem("display_name")} value={name} onInput={setName} />}
    </FormDialog>
  );
}

/** The account keeps the language; the rest is remembered by this browser. */
function PageSettings() {
  const { nav } = t();
  const { help } = tLater();
  const names = { system: nav.themeSystem, light: nav.themeLight, dark: nav.themeDark, contrast: nav.themeContrast };
  return (
    <>
      <div class="columns">
        <Select label={nav.language} value={language.value} options={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
          onChange={(code) => void chooseLanguage(code).catch((error: unknown) => showToast(explain(error)))} />
        <Select label={nav.theme} value={theme.value} options={themes.map((value) => ({ value, label: names[value] }))}
          onChange={(chosen) => { theme.value = themes.find((each) => each === chosen) ?? "system"; }} />
      </div>
      <Checkbox label={help.singleKeys} checked={singleKeys.value} onChange={(checked) => { singleKeys.value = checked; }} />
      <p class="muted small">{help.singleKeysHint}</p>
    </>
  );
}

function Mail() {
  const mail = useLoaded(fetchOwnMail);
  const [changing, setChanging] = useState(false);
  const text = tLater().you;
  const said = ({ address, notified }: OwnMail) => (address ? text.mailGoesTo(address, notified) : text.noMail);
  return (
    <Content of={mail}>
      {(own) => (
        <>
          <div class="button-row"><span class="grow">{said(own)}</span><Button icon="edit" onClick={() => setChanging(true)}>{text.changeMail}</Button></div>
          {changing && <MailDialog onClose={() => { setChanging(false); void mail.reload(); }} />}
        </>
      )}
    </Content>
  );
}
