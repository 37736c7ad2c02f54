import { useState } from "preact/hooks";
import { deleteRule, rulesFrom, saveRule } from "../../api/filing";
import { ensureName, listNames, type Vocabulary } from "../../api/names";
import type { FilingRule, FilingRuleField, FilingRuleKind } from "../../api/types";
import { ClassField } from "../../components/choosers";
import { Button, Checkbox, EmptyState, Field, Select, TextField } from "../../components/controls";
import { deleteWithUndo } from "../../components/delete_with_undo";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { MoreParts } from "../../components/more_parts";
import { Picker, type Choice } from "../../components/picker";
import { useParts } from "../../components/use_parts";
import { tLater, t } from "../../i18n";

const fields: readonly FilingRuleField[] = ["type", "correspondent", "tag", "class"];
const kinds: readonly FilingRuleKind[] = ["any", "all", "exact", "pattern", "fuzzy"];
const vocabularies: Record<Exclude<FilingRuleField, "class">, Vocabulary> = { type: "types", correspondent: "correspondents", tag: "tags" };

export function FilingRules() {
  const loaded = useParts(rulesFrom, "");
  const [editing, setEditing] = useState<FilingRule | "new" | null>(null);
  const text = tLater().filing;
  const remove = (rule: FilingRule) => {
    const { field, value, kind, text: words, applied } = rule;
    return deleteWithUndo(rule, value.name, () => deleteRule(rule), () => saveRule(null, { field, value: value.id, kind, text: words, applied }), loaded.reload);
  };
  return (
    <>
      <p class="muted">{text.lead}</p>
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newRule}</Button><AsCsv path="/filing-rules" /></div>
      <MoreParts of={loaded}>
        {(rules) => (rules.length === 0 ? <EmptyState icon="spark" title={text.noRules} /> : (
          <ul class="cards">
            {rules.map((rule) => (
              <li key={rule.id} class="card">
                <span class="muted"><Icon name="spark" size={24} /></span>
                <div>
                  <div class="name">{text.fields[rule.field]}: {rule.value.name}</div>
                  <p class="muted small">{text.kinds[rule.kind]}: {rule.text}</p>
                  <p class="muted small">{rule.applied ? text.isApplied : text.isSuggested}</p>
                </div>
                <div class="actions">
                  <Button compact icon="edit" aria-label={`${t().common.edit} ${rule.value.name}`} onClick={() => setEditing(rule)}>{t().common.edit}</Button>
                  <Button compact icon="trash" aria-label={`${tLater().admin.delete} ${rule.value.name}`} onClick={() => void remove(rule)}>{tLater().admin.delete}</Button>
                </div>
              </li>
            ))}
          </ul>
        ))}
      </MoreParts>
      {editing !== null && <RuleDialog rule={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
    </>
  );
}

function RuleDialog({ rule, onClose, onSaved }: { rule: FilingRule | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [field, setField] = useState<FilingRuleField>(rule?.field ?? "type");
  const [value, setValue] = useState<Choice | null>(rule?.value ?? null);
  const [kind, setKind] = useState<FilingRuleKind>(rule?.kind ?? "any");
  const [words, setWords] = useState(rule?.text ?? "");
  const [applied, setApplied] = useState(rule?.applied ?? false);
  const text = tLater().filing;
  const save = async () => {
    const made = value && value.id === undefined && field !== "class" ? await ensureName(vocabularies[field], value.name) : null;
    await saveRule(rule, { field, value: made?.id ?? value?.id ?? 0, kind, text: words, applied }); // 0: refused, with the reason
    await onSaved();
  };
  return (
    <FormDialog title={rule?.value.name ?? text.newRule} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Select label={text.field} value={field} options={fields.map((name) => ({ value: name, label: text.fields[name] }))}
            onChange={(name) => { setField(fields.find((one) => one === name) ?? "type"); setValue(null); }} />
          <ValueField field={field} value={value} onPick={setValue} error={problem("value")} />
          <Select label={text.kind} value={kind} options={kinds.map((name) => ({ value: name, label: text.kinds[name] }))}
            onChange={(name) => setKind(kinds.find((one) => one === name) ?? "any")} />
          <TextField label={text.text} name="text" required hint={text.textHint} error={problem("text")} value={words} onInput={setWords} />
          <Checkbox label={text.applied} checked={applied} onChange={setApplied} />
        </>
      )}
    </FormDialog>
  );
}

function ValueField({ field, value, onPick, error }: { field: FilingRuleField; value: Choice | null; onPick: (value: Choice | null) => void; error: string | undefined }) {
  const text = tLater().filing;
  if (field === "class") {
    const chosen = value?.id === undefined ? null : { id: value.id, name: value.name };
    return <ClassField label={text.value} required value={chosen} error={error} onPick={onPick} />;
  }
  const vocabulary = vocabularies[field];
  return (
    <Field label={text.value} error={error}>
      {({ id }) => (
        <Picker id={id} label={text.value} value={value?.name ?? ""} placeholder={t().panel.choose} canCreate inputName="value"
          find={(part, signal) => listNames(vocabulary, part, signal)} onPick={onPick} onClear={() => onPick(null)} />
      )}
    </Field>
  );
}
