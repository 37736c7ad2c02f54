// Mail that devices send straight to the archive: where it is listened for, who may send, and what becomes of it.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeMailListener, loadMailListener, resetMailListener } from "../../api/mail";
import type { MailListener, MailListenerChange } from "../../api/types";
import { Banner, Button, Checkbox, Field, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatNumber, formatSize, formatTime } from "../../i18n/format";
import { showToast } from "../../state/toasts";
import { FilingFields, filingTerms, type PresetFiling } from "./preset_filing";

type List = "networks" | "senders" | "recipients";
const takes = ["attachments", "mail", "joined"] as const;
const mebibyte = 1024 * 1024;

export function MailListenerPart() {
  const loaded = useLoaded(loadMailListener);
  const [changing, setChanging] = useState(false);
  const text = tLater().mailListener;
  const reset = async (listener: MailListener) => {
    try {
      await resetMailListener(listener);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <section class="stack">
      <h2>{text.title}</h2>
      <p class="muted">{text.lead}</p>
      <Content of={loaded}>
        {(listener) => (
          <>
            <p>{inShort(listener)}</p>
            {listener.problem !== null && (
              <Banner kind="warn">{[listener.problem, ...(listener.problem_since === null ? [] : [`(${text.since(formatTime(listener.problem_since))})`])].join(" ")}</Banner>
            )}
            <div class="button-row">
              <Button icon="edit" onClick={() => setChanging(true)}>{text.change}</Button>
              {!listener.configured && <Button icon="restore" onClick={() => void reset(listener)}>{text.reset}</Button>}
            </div>
            {changing && <ListenerDialog listener={listener} onClose={() => setChanging(false)} onSaved={loaded.reload} />}
          </>
        )}
      </Content>
    </section>
  );
}

function inShort(listener: MailListener): string {
  const text = tLater().mailListener;
  const some = (all: readonly string[]) => (all.length === 0 ? text.any : all.join(", "));
  const whence = listener.configured ? text.configured : text.set;
  if (!listener.enabled) return [text.off, whence].join(" · ");
  return [
    listener.listening === null ? text.silent : text.listensAt(listener.listening), whence, text.from(listener.networks.join(", ")),
    text.sent(some(listener.senders)), text.sentTo(some(listener.recipients)), listener.encrypted ? text.encrypted : text.inClear,
    text.atMost(formatSize(listener.max_bytes)), text.refused(formatNumber(listener.refused)),
  ].join(" · ");
}

function lines(written: string): string[] {
  return written.split("\n").map((line) => line.trim()).filter(Boolean);
}

function ListenerDialog({ listener, onClose, onSaved }: { listener: MailListener; onClose: () => void; onSaved: () => Promise<void> }) {
  const [enabled, setEnabled] = useState(listener.enabled);
  const [address, setAddress] = useState(listener.address);
  const [port, setPort] = useState(String(listener.port));
  const [lists, setLists] = useState<Record<List, string>>({
    networks: listener.networks.join("\n"), senders: listener.senders.join("\n"), recipients: listener.recipients.join("\n"),
  });
  const shownSize = String(Math.max(1, Math.round(listener.max_bytes / mebibyte))); // what the configuration says may be no whole number of them
  const [size, setSize] = useState(shownSize);
  const [connections, setConnections] = useState(String(listener.connections));
  const [taken, setTaken] = useState(takes.find((one) => one === listener.takes) ?? "attachments");
  const [filing, setFiling] = useState<PresetFiling>(listener);
  const text = tLater().mailListener;
  const save = async () => {
    const terms: MailListenerChange = {
      enabled, address: address.trim(), port: Number(port), networks: lines(lists.networks), senders: lines(lists.senders), recipients: lines(lists.recipients),
      connections: Number(connections), takes: taken, ...filingTerms(filing), ...(size === shownSize ? {} : { max_bytes: Number(size) * mebibyte }),
    };
    await changeMailListener(listener, terms);
    await onSaved();
  };
  return (
    <FormDialog title={text.change} wide onClose={onClose} onSave={save}>
      {(problem) => {
        const list = (name: List) => (
          <Field label={text.lists[name]} hint={text.hints[name]} error={problem(name)}>
            {(control) => <textarea {...control} class="input" name={name} rows={2} autocapitalize="none" value={lists[name]} onInput={(event) => setLists({ ...lists, [name]: event.currentTarget.value })} />}
          </Field>
        );
        return (
          <>
            <Checkbox label={text.enabled} checked={enabled} onChange={setEnabled} />
            <TextField label={text.address} name="address" required autoCapitalize="none" hint={text.addressHint} error={problem("address")} value={address} onInput={setAddress} />
            <TextField label={tLater().mail.port} name="port" type="number" min="0" max="65535" required hint={text.portHint} error={problem("port")} value={port} onInput={setPort} />
            {list("networks")}
            {list("senders")}
            {list("recipients")}
            <TextField label={text.size} name="size" type="number" min="1" max="100000" required error={problem("max_bytes")} value={size} onInput={setSize} />
            <TextField label={text.connections} name="connections" type="number" min="1" max="100" required error={problem("connections")} value={connections} onInput={setConnections} />
            <Select label={tLater().mail.takes} value={taken} options={takes.map((value) => ({ value, label: tLater().mail.takesNames[value] }))}
              onChange={(chosen) => setTaken(takes.find((one) => one === chosen) ?? "attachments")} />
            <h3>{text.filing}</h3>
            <FilingFields filing={filing} set={(change) => setFiling({ ...filing, ...change })} />
          </>
        );
      }}
    </FormDialog>
  );
}
