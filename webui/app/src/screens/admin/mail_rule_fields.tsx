// One rule of a mailbox: which mails it is for, what is taken of them, and how that is filed.
import type { MailRule } from "../../api/types";
import { Button, IconButton, Select, TextField } from "../../components/controls";
import { tLater } from "../../i18n";
import { FilingFields } from "./preset_filing";

const takes = ["mail", "joined", "attachments", "nothing"] as const;

/** `onMove`: one place up or down; null where there is no further one. */
export function RuleFields({ number, rule, onChange, onMove, onRemove }: {
  number: number;
  rule: MailRule;
  onChange: (rule: MailRule) => void;
  onMove: { up: (() => void) | null; down: (() => void) | null };
  onRemove: () => void;
}) {
  const text = tLater().mail;
  const set = (change: Partial<MailRule>) => onChange({ ...rule, ...change });
  return (
    <fieldset class="stack">
      <legend class="label">{text.rule(number)}</legend>
      <TextField label={text.sender} value={rule.sender} onInput={(sender) => set({ sender })} />
      <TextField label={text.subject} value={rule.subject} onInput={(subject) => set({ subject })} />
      <TextField label={text.attachment} value={rule.attachment} onInput={(attachment) => set({ attachment })} />
      <TextField label={text.inFolder} value={rule.folder} onInput={(folder) => set({ folder })} />
      <Select label={text.takes} value={rule.takes} options={takes.map((value) => ({ value, label: text.takesNames[value] }))}
        onChange={(chosen) => set({ takes: takes.find((one) => one === chosen) ?? "mail" })} />
      {rule.takes !== "nothing" && <FilingFields filing={rule} set={set} />}
      <div class="button-row">
        <Button compact icon="trash" onClick={onRemove}>{text.removeRule(number)}</Button>
        <IconButton small icon="up" label={text.ruleUp(number)} disabled={!onMove.up} onClick={() => onMove.up?.()} />
        <IconButton small icon="down" label={text.ruleDown(number)} disabled={!onMove.down} onClick={() => onMove.down?.()} />
      </div>
    </fieldset>
  );
}
