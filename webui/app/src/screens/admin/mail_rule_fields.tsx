// One rule of a mailbox: which mails it is for, what is taken of them, and how that is filed.
import { listNames, type Vocabulary } from "../../api/names";
import type { MailRule, Named } from "../../api/types";
import { ClassField, FolderField } from "../../components/choosers";
import { Button, Chip, Field, IconButton, Select, TextField } from "../../components/controls";
import { Picker } from "../../components/picker";
import { t, tLater } from "../../i18n";

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
      {rule.takes !== "nothing" && <FilingFields rule={rule} set={set} />}
      <div class="button-row">
        <Button compact icon="trash" onClick={onRemove}>{text.removeRule(number)}</Button>
        <IconButton small icon="up" label={text.ruleUp(number)} disabled={!onMove.up} onClick={() => onMove.up?.()} />
        <IconButton small icon="down" label={text.ruleDown(number)} disabled={!onMove.down} onClick={() => onMove.down?.()} />
      </div>
    </fieldset>
  );
}

function FilingFields({ rule, set }: { rule: MailRule; set: (change: Partial<MailRule>) => void }) {
  const text = tLater().mail;
  return (
    <>
      <NameField label={text.type} vocabulary="types" value={rule.type} onPick={(type) => set({ type })} />
      <NameField label={text.correspondent} vocabulary="correspondents" value={rule.correspondent} onPick={(correspondent) => set({ correspondent })} />
      <NameField label={text.tag} vocabulary="tags" value={null}
        onPick={(tag) => { if (tag && !rule.tags.some((one) => one.id === tag.id)) set({ tags: [...rule.tags, tag] }); }} />
      {rule.tags.length > 0 && (
        <div class="chips" role="group" aria-label={text.tags}>
          {rule.tags.map((tag) => <Chip key={tag.id} removeLabel={text.removeTag(tag.name)} onRemove={() => set({ tags: rule.tags.filter((one) => one.id !== tag.id) })}>{tag.name}</Chip>)}
        </div>
      )}
      <ClassField label={text.fileClass} placeholder={text.none} value={rule.class} onPick={(place) => set({ class: place })} />
      <FolderField label={text.fileFolder} placeholder={text.none} value={rule.file_folder} onPick={(place) => set({ file_folder: place })} />
    </>
  );
}

export function NameField({ label, vocabulary, value, onPick }: { label: string; vocabulary: Vocabulary; value: Named | null; onPick: (value: Named | null) => void }) {
  return (
    <Field label={label}>
      {({ id }) => (
        <Picker id={id} label={label} value={value?.name ?? ""} placeholder={t().panel.choose}
          find={(part, signal) => listNames(vocabulary, part, signal)}
          onPick={(chosen) => onPick(chosen.id === undefined ? null : { id: chosen.id, name: chosen.name })} onClear={() => onPick(null)} />
      )}
    </Field>
  );
}
