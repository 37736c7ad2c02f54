import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeCustomField, createCustomField, customFieldsFrom, deleteCustomField } from "../../api/custom_fields";
import { listNames } from "../../api/names";
import type { CustomField, CustomFieldKind, FoundField } from "../../api/types";
import { Button, Checkbox, EmptyState, Field, Select, TextField } from "../../components/controls";
import { ConfirmDialog } from "../../components/dialog";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { MoreParts } from "../../components/more_parts";
import { Picker } from "../../components/picker";
import { useParts } from "../../components/use_parts";
import { t, tLater } from "../../i18n";
import { showToast } from "../../state/toasts";

const kinds: readonly CustomFieldKind[] = ["text", "number", "amount", "date", "yes_no", "choice", "document", "person"];

type FoundKind = FoundField["kind"];

/** What may be found for a field of that kind. */
function foundKinds(kind: CustomFieldKind): readonly FoundKind[] {
  switch (kind) {
    case "amount": return ["amount"];
    case "date": return ["due_date"];
    case "text": return ["organisation_number", "invoice_number", "reference", "ocr_number", "bankgiro", "plusgiro", "iban"];
    default: return [];
  }
}

export function CustomFields() {
  const loaded = useParts(customFieldsFrom, "");
  const [editing, setEditing] = useState<CustomField | "new" | null>(null);
  const [deleting, setDeleting] = useState<CustomField | null>(null);
  const text = tLater().fields;
  const remove = async (field: CustomField) => {
    try {
      await deleteCustomField(field);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <>
      <p class="muted">{text.lead}</p>
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newField}</Button><AsCsv path="/custom-fields" /></div>
      <MoreParts of={loaded}>
        {(fields) => (fields.length === 0 ? <EmptyState icon="edit" title={text.noFields} /> : (
          <ul class="cards">
            {fields.map((field) => (
              <li key={field.id} class="card">
                <span class="muted"><Icon name="edit" size={24} /></span>
                <div>
                  <div class="name">{field.name} {field.closed && <span class="badge">{text.closed}</span>}</div>
                  <p class="muted small">{text.kinds[field.kind]} · <code>field.{field.key}:</code></p>
                  {field.fill_from && <p class="muted small">{text.filledFrom(tLater().filing.foundKinds[field.fill_from])}</p>}
                  <p class="muted small">{field.uses.map((use) => usedBy(use.type?.name, use.required)).join(", ") || text.unused}</p>
                </div>
                <div class="actions">
                  <Button compact icon="edit" aria-label={`${t().common.edit} ${field.name}`} onClick={() => setEditing(field)}>{t().common.edit}</Button>
                  <Button compact icon="trash" aria-label={`${tLater().admin.delete} ${field.name}`} onClick={() => setDeleting(field)}>{tLater().admin.delete}</Button>
                </div>
              </li>
            ))}
          </ul>
        ))}
      </MoreParts>
      {editing !== null && <FieldDialog field={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
      {deleting && (
        <ConfirmDialog title={text.deleteField} confirm={tLater().admin.delete} onClose={() => setDeleting(null)} onConfirm={() => void remove(deleting)}>
          {text.deleteHelp}
        </ConfirmDialog>
      )}
    </>
  );
}

function usedBy(type: string | undefined, required: boolean): string {
  const name = type ?? tLater().fields.everyType;
  return required ? tLater().fields.required(name) : name;
}

interface Use {
  type: { id: number; name: string } | null;
  required: boolean;
  preset: string;
}

function FieldDialog({ field, onClose, onSaved }: { field: CustomField | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(field?.name ?? "");
  const [key, setKey] = useState(field?.key ?? "");
  const [kind, setKind] = useState<CustomFieldKind>(field?.kind ?? "text");
  const [choices, setChoices] = useState(field?.choices.join("\n") ?? "");
  const [uses, setUses] = useState<readonly Use[]>(field?.uses ?? [{ type: null, required: false, preset: "" }]);
  const [closed, setClosed] = useState(field?.closed ?? false);
  const [fillFrom, setFillFrom] = useState<FoundKind | null>(field?.fill_from ?? null);
  const found = foundKinds(kind);
  const text = tLater().fields;
  const save = async () => {
    const terms = {
      name, closed,
      choices: kind === "choice" ? choices.split("\n").map((line) => line.trim()).filter(Boolean) : [],
      uses: uses.map(({ type, required, preset }) => ({ type: type?.id ?? null, required, preset })),
      fill_from: found.find((one) => one === fillFrom) ?? null,
    };
    if (field) await changeCustomField(field, terms);
    else await createCustomField({ ...terms, key: key || keyOf(name), kind });
    await onSaved();
  };
  return (
    <FormDialog title={field?.name ?? text.newField} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          {!field && <TextField label={text.key} name="key" hint={text.keyHint} error={problem("key")} value={key || keyOf(name)} onInput={setKey} />}
          {!field && <Select label={text.kind} value={kind} options={kinds.map((one) => ({ value: one, label: text.kinds[one] }))}
            onChange={(chosen) => setKind(kinds.find((one) => one === chosen) ?? "text")} />}
          {kind === "choice" && (
            <Field label={text.choices} hint={text.choicesHint} error={problem("choices")}>
              {(control) => <textarea {...control} class="input" name="choices" rows={4} value={choices} onInput={(event) => setChoices(event.currentTarget.value)} />}
            </Field>
          )}
          {found.length > 0 && (
            <Select label={text.fillFrom} error={problem("fill_from")} value={fillFrom ?? ""}
              options={[{ value: "", label: text.fillFromNothing }, ...found.map((one) => ({ value: one, label: tLater().filing.foundKinds[one] }))]}
              onChange={(chosen) => setFillFrom(found.find((one) => one === chosen) ?? null)} />
          )}
          {found.length > 0 && <p class="muted small">{text.fillFromHint}</p>}
          <Uses uses={uses} onChange={setUses} error={problem("uses")} />
          {field && <Checkbox label={text.close} checked={closed} onChange={setClosed} />}
        </>
      )}
    </FormDialog>
  );
}

/** Which documents carry the field: all, or those of some types. */
function Uses({ uses, onChange, error }: { uses: readonly Use[]; onChange: (uses: readonly Use[]) => void; error: string | undefined }) {
  const text = tLater().fields;
  const change = (index: number, part: Partial<Use>) => onChange(uses.map((use, at) => (at === index ? { ...use, ...part } : use)));
  return (
    <fieldset class="stack">
      <legend class="label">{text.uses}</legend>
      {error && <div class="error" role="alert">{error}</div>}
      {uses.map((use, index) => {
        const named = use.type?.name ?? text.everyType;
        return (
          <div key={index} class="card">
            <div class="stack">
              <Field label={text.type}>
                {({ id }) => (
                  <Picker id={id} label={text.type} value={use.type?.name ?? ""} placeholder={text.everyType} inputName="type"
                    find={(part, signal) => listNames("types", part, signal)}
                    onPick={({ id: type, name }) => { if (type !== undefined) change(index, { type: { id: type, name } }); }} onClear={() => change(index, { type: null })} />
                )}
              </Field>
              <TextField label={text.preset} name="preset" value={use.preset} onInput={(preset) => change(index, { preset })} />
              <Checkbox label={text.isRequired} checked={use.required} onChange={(required) => change(index, { required })} />
              <div><Button compact icon="trash" aria-label={`${t().common.remove} ${named}`} onClick={() => onChange(uses.filter((_, at) => at !== index))}>{t().common.remove}</Button></div>
            </div>
          </div>
        );
      })}
      <div><Button compact icon="plus" onClick={() => onChange([...uses, { type: null, required: false, preset: "" }])}>{text.addUse}</Button></div>
    </fieldset>
  );
}

/** "Delivery date" as "delivery-date". */
function keyOf(name: string): string {
  return name.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 40);
}
