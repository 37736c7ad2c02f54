// One workflow: when it runs, for which documents, and what it does.
import { useState } from "preact/hooks";
import type { Named, NewWorkflowAction, Subject, Workflow, WorkflowAction } from "../../api/types";
import { changeWorkflow, createWorkflow } from "../../api/workflows";
import { ClassField, FolderField, PersonField } from "../../components/choosers";
import { Button, Checkbox, Chip, Field, Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { SubjectPicker } from "../../components/subject_picker";
import { tLater } from "../../i18n";
import { NameField } from "./preset_filing";

const occasions = ["arrived", "filed", "changed", "date"] as const;
const dates = ["document", "field", "disposal"] as const;
const kinds = ["set", "move", "mail", "webhook", "approve"] as const;
const emptyAction: WorkflowAction = { kind: "set", type: null, correspondent: null, tags: [], class: null, field: "", value: "", folder: null, to: [], to_accounts: [], to_groups: [], subject: "", text: "", url: "", account: null };

const present = (tags: WorkflowAction["tags"]): Named[] => tags.filter((tag) => tag !== null);

export function newAction({ type, correspondent, tags, class: place, folder, account, to, to_accounts, to_groups, ...rest }: WorkflowAction): NewWorkflowAction {
  return {
    ...rest, type_id: type?.id ?? null, correspondent_id: correspondent?.id ?? null, tag_ids: present(tags).map((tag) => tag.id),
    class_id: place?.id ?? null, folder_id: folder?.id ?? null, account_id: account?.id ?? null,
    to: to.filter((address) => address !== ""), to_account_ids: to_accounts.map((one) => one.id), to_group_ids: to_groups.map((one) => one.id),
  };
}

export function WorkflowDialog({ workflow, onClose, onSaved }: { workflow: Workflow | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(workflow?.name ?? "");
  const [enabled, setEnabled] = useState(workflow?.enabled ?? true);
  const [occasion, setOccasion] = useState(workflow?.occasion ?? "arrived");
  const [dateOf, setDateOf] = useState(workflow?.date_of ?? "document");
  const [dateField, setDateField] = useState(workflow?.date_field ?? "");
  const [days, setDays] = useState(String(workflow?.days_after ?? 0));
  const [query, setQuery] = useState(workflow?.query ?? "");
  const [secret, setSecret] = useState("");
  const [actions, setActions] = useState<readonly WorkflowAction[]>(workflow?.actions ?? [emptyAction]);
  const text = tLater().workflows;
  const save = async () => {
    const terms = {
      name, enabled, occasion, date_of: dateOf, date_field: dateField, days_after: Number(days), query,
      actions: actions.map(newAction), ...(secret ? { secret } : {}),
    };
    if (workflow) await changeWorkflow(workflow, terms);
    else await createWorkflow(terms);
    await onSaved();
  };
  return (
    <FormDialog title={workflow?.name ?? text.newWorkflow} wide onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <Select label={text.occasion} value={occasion} options={occasions.map((value) => ({ value, label: text.occasions[value] }))}
            onChange={(chosen) => setOccasion(occasions.find((one) => one === chosen) ?? "arrived")} />
          {occasion === "date" && (
            <>
              <Select label={text.dateOf} value={dateOf} options={dates.map((value) => ({ value, label: text.dates[value] }))}
                onChange={(chosen) => setDateOf(dates.find((one) => one === chosen) ?? "document")} />
              {dateOf === "field" && <TextField label={text.dateField} name="date_field" required error={problem("date_field")} value={dateField} onInput={setDateField} />}
              <TextField label={text.days} name="days_after" type="number" required hint={text.daysHint} error={problem("days_after")} value={days} onInput={setDays} />
            </>
          )}
          <TextField label={text.query} name="query" hint={text.queryHint} error={problem("query")} value={query} onInput={setQuery} />
          <h3>{text.actions}</h3>
          {actions.map((action, index) => (
            <ActionFields key={index} number={index + 1} action={action}
              onChange={(changed) => setActions(actions.map((one, at) => (at === index ? changed : one)))}
              onRemove={() => setActions(actions.filter((_, at) => at !== index))} />
          ))}
          <div><Button icon="plus" onClick={() => setActions([...actions, emptyAction])}>{text.addAction}</Button></div>
          {actions.some((action) => action.kind === "webhook") && (
            <TextField label={text.secret} name="secret" type="password" autoComplete="new-password" required={!workflow?.has_secret}
              hint={text.secretHint} error={problem("secret")} value={secret} onInput={setSecret} />
          )}
          <Checkbox label={text.enabled} checked={enabled} onChange={setEnabled} />
        </>
      )}
    </FormDialog>
  );
}

function ActionFields({ number, action, onChange, onRemove }: { number: number; action: WorkflowAction; onChange: (action: WorkflowAction) => void; onRemove: () => void }) {
  const text = tLater().workflows;
  const set = (change: Partial<WorkflowAction>) => onChange({ ...action, ...change });
  return (
    <fieldset class="stack">
      <legend class="label">{text.action(number)}</legend>
      <Select label={text.kind} value={action.kind} options={kinds.map((value) => ({ value, label: text.kinds[value] }))}
        onChange={(chosen) => onChange({ ...emptyAction, kind: kinds.find((one) => one === chosen) ?? "set" })} />
      {action.kind === "set" && <SetFields action={action} set={set} />}
      {action.kind === "move" && <FolderField label={text.folder} value={action.folder} onPick={(folder) => set({ folder })} />}
      {action.kind === "mail" && (
        <>
          <TextField label={text.to} required={action.to_accounts.length + action.to_groups.length === 0} hint={text.toHint} value={action.to.join(", ")}
            onInput={(to) => set({ to: to.split(",").map((one) => one.trim()) })} />
          <Receivers action={action} set={set} />
          <TextField label={text.subject} required hint={text.placeholders} value={action.subject} onInput={(subject) => set({ subject })} />
          <TextField label={text.body} value={action.text} onInput={(body) => set({ text: body })} />
        </>
      )}
      {action.kind === "webhook" && <TextField label={text.url} required autoCapitalize="none" value={action.url} onInput={(url) => set({ url })} />}
      {action.kind === "approve" && <PersonField label={text.approver} value={action.account} onPick={(account) => set({ account })} />}
      <div><Button compact icon="trash" onClick={onRemove}>{text.removeAction(number)}</Button></div>
    </fieldset>
  );
}

/** Whom a mail goes to by name; where, is known of their accounts. */
function Receivers({ action, set }: { action: WorkflowAction; set: (change: Partial<WorkflowAction>) => void }) {
  const text = tLater().workflows;
  const chosen = (["to_accounts", "to_groups"] as const).flatMap((list) => action[list].map((one) => ({ list, ...one })));
  const listOf = (subject: Subject["subject"]) => (subject === "group" ? "to_groups" : "to_accounts");
  const taken = new Set(chosen.map(({ list, id }) => `${list === "to_groups" ? "group" : "account"}:${id}`));
  return (
    <>
      <Field label={text.receivers} hint={text.receiversHint}>
        {({ id }) => (
          <SubjectPicker id={id} label={text.receivers} taken={taken}
            onPick={(one) => set({ [listOf(one.subject)]: [...action[listOf(one.subject)], { id: one.id, name: one.name }] })} />
        )}
      </Field>
      {chosen.length > 0 && (
        <div class="chips" role="group" aria-label={text.receivers}>
          {chosen.map(({ list, id, name }) => (
            <Chip key={`${list}:${id}`} removeLabel={text.removeReceiver(name)} onRemove={() => set({ [list]: action[list].filter((one) => one.id !== id) })}>{name}</Chip>
          ))}
        </div>
      )}
    </>
  );
}

function SetFields({ action, set }: { action: WorkflowAction; set: (change: Partial<WorkflowAction>) => void }) {
  const text = tLater().workflows;
  const tags = present(action.tags);
  return (
    <>
      <NameField label={text.type} vocabulary="types" value={action.type} onPick={(type) => set({ type })} />
      <NameField label={text.correspondent} vocabulary="correspondents" value={action.correspondent} onPick={(correspondent) => set({ correspondent })} />
      <NameField label={text.tag} vocabulary="tags" value={null}
        onPick={(tag) => { if (tag && !tags.some((one) => one.id === tag.id)) set({ tags: [...tags, tag] }); }} />
      {tags.length > 0 && (
        <div class="chips" role="group" aria-label={text.tags}>
          {tags.map((tag) => <Chip key={tag.id} removeLabel={text.removeTag(tag.name)} onRemove={() => set({ tags: tags.filter((one) => one.id !== tag.id) })}>{tag.name}</Chip>)}
        </div>
      )}
      <ClassField label={text.fileClass} value={action.class} onPick={(place) => set({ class: place })} />
      <TextField label={text.field} value={action.field} onInput={(field) => set({ field })} />
      {action.field !== "" && <TextField label={text.value} value={action.value} onInput={(value) => set({ value })} />}
    </>
  );
}
