// One mailbox: where it is, what is done in it, and the rules for what is taken.
import { useState } from "preact/hooks";
import { changeMailbox, createMailbox } from "../../api/mail";
import type { Mailbox, MailRule, NewMailRule } from "../../api/types";
import { Button, Checkbox, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { RuleFields } from "./mail_rule_fields";
import { filingTerms } from "./preset_filing";

const securities = ["tls", "starttls", "none"] as const;
const usualPorts: Record<(typeof securities)[number], string> = { tls: "993", starttls: "143", none: "143" };
const afterwards = ["nothing", "mark_seen", "move", "delete"] as const;
const emptyRule: MailRule = { folder: "", sender: "", subject: "", attachment: "", takes: "mail", type: null, correspondent: null, tags: [], class: null, file_folder: null };

/** The rule at that place changes places with the next one. */
function swapped(rules: readonly MailRule[], at: number): MailRule[] {
  return [...rules.slice(0, at), ...rules.slice(at, at + 2).reverse(), ...rules.slice(at + 2)];
}

function newRule(rule: MailRule): NewMailRule {
  const { folder, sender, subject, attachment, takes } = rule;
  return { folder, sender, subject, attachment, takes, ...filingTerms(rule) };
}

export function MailboxDialog({ mailbox, onClose, onSaved }: { mailbox: Mailbox | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(mailbox?.name ?? "");
  const [host, setHost] = useState(mailbox?.host ?? "");
  const [security, setSecurity] = useState(mailbox?.security ?? "tls");
  const [port, setPort] = useState(String(mailbox?.port ?? usualPorts.tls));
  const [login, setLogin] = useState(mailbox?.login ?? "");
  const [password, setPassword] = useState("");
  const [folders, setFolders] = useState((mailbox?.folders ?? ["INBOX"]).join(", "));
  const [minutes, setMinutes] = useState(String((mailbox?.interval_seconds ?? 300) / 60));
  const [after, setAfter] = useState(mailbox?.afterwards ?? "nothing");
  const [moveTo, setMoveTo] = useState(mailbox?.move_to ?? "");
  const [enabled, setEnabled] = useState(mailbox?.enabled ?? true);
  const [rules, setRules] = useState<readonly MailRule[]>(mailbox?.rules ?? []);
  const text = tLater().mail;
  const save = async () => {
    const terms = {
      name, host, port: Number(port), security, login, password,
      folders: folders.split(",").map((folder) => folder.trim()).filter(Boolean),
      interval_seconds: Math.round(Number(minutes) * 60), afterwards: after, move_to: moveTo, enabled, rules: rules.map(newRule),
    };
    if (mailbox) await changeMailbox(mailbox, terms);
    else await createMailbox(terms);
    await onSaved();
  };
  const chooseSecurity = (chosen: string) => {
    const found = securities.find((one) => one === chosen) ?? "tls";
    if (port === usualPorts[security]) setPort(usualPorts[found]);
    setSecurity(found);
  };
  return (
    <FormDialog title={mailbox?.name ?? text.newMailbox} wide onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <TextField label={text.host} name="host" required autoCapitalize="none" error={problem("host")} value={host} onInput={setHost} />
          <Select label={text.security} value={security} options={securities.map((value) => ({ value, label: text.securities[value] }))} onChange={chooseSecurity} />
          <TextField label={text.port} name="port" type="number" min="1" max="65535" required error={problem("port")} value={port} onInput={setPort} />
          <TextField label={text.login} name="login" required autoComplete="off" autoCapitalize="none" error={problem("login")} value={login} onInput={setLogin} />
          <TextField label={text.password} name="password" type="password" autoComplete="new-password" required={mailbox === null}
            hint={mailbox ? text.passwordKeep : undefined} error={problem("password")} value={password} onInput={setPassword} />
          <TextField label={text.folders} name="folders" required hint={text.foldersHint} error={problem("folders")} value={folders} onInput={setFolders} />
          <TextField label={text.minutes} name="minutes" type="number" min="1" max="10080" required error={problem("interval_seconds")} value={minutes} onInput={setMinutes} />
          <Select label={text.afterwards} value={after} options={afterwards.map((value) => ({ value, label: text.afterwardsNames[value] }))}
            onChange={(chosen) => setAfter(afterwards.find((one) => one === chosen) ?? "nothing")} />
          {after === "move" && <TextField label={text.moveTo} name="move_to" required error={problem("move_to")} value={moveTo} onInput={setMoveTo} />}
          <Checkbox label={text.enabled} checked={enabled} onChange={setEnabled} />
          <h3>{text.rules}</h3>
          <p class="muted small">{text.rulesHint}</p>
          {rules.map((rule, index) => (
            <RuleFields key={index} number={index + 1} rule={rule}
              onChange={(changed) => setRules(rules.map((one, at) => (at === index ? changed : one)))}
              onMove={{ up: index > 0 ? () => setRules(swapped(rules, index - 1)) : null, down: index < rules.length - 1 ? () => setRules(swapped(rules, index)) : null }}
              onRemove={() => setRules(rules.filter((_, at) => at !== index))} />
          ))}
          <div><Button icon="plus" onClick={() => setRules([...rules, emptyRule])}>{text.addRule}</Button></div>
        </>
      )}
    </FormDialog>
  );
}
