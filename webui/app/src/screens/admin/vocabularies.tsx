// Types, correspondents and tags: how often each is used, renaming, making two one.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { listNames, type Vocabulary } from "../../api/names";
import type { UsedName, UsedTag } from "../../api/types";
import { createEntry, deleteEntry, listUsedNames, mergeEntries, moveTag, renameEntry } from "../../api/vocabularies";
import { Button, EmptyState, Field, Select, TextField } from "../../components/controls";
import { ConfirmDialog } from "../../components/dialog";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { foundPath } from "../../components/parts_list";
import { Picker, type Choice } from "../../components/picker";
import { useParts } from "../../components/use_parts";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { showToast } from "../../state/toasts";
import { TableHead, TableRegion } from "../records/parts";
import { TagTree } from "./tag_tree";

const vocabularies: readonly Vocabulary[] = ["types", "correspondents", "tags"];

interface Doing {
  what: "rename" | "move" | "merge" | "delete";
  entry: UsedName;
}

export function Vocabularies() {
  const { query } = location.value;
  const vocabulary = vocabularies.find((one) => one === query.get("of")) ?? "types";
  const part = query.get("q") ?? "";
  const asTree = vocabulary === "tags" && part.trim() === "";
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState(0);
  const text = tLater().vocabularies;
  return (
    <>
      <p class="muted">{text.lead}</p>
      <div class="button-row">
        <Select label={text.which} value={vocabulary} options={vocabularies.map((name) => ({ value: name, label: text.names[name] }))}
          onChange={(name) => setQuery({ of: name }, true)} />
        <TextField label={text.find} name="find" value={part} onInput={(typed) => setQuery({ q: typed }, true)} />
        <span class="grow" />
        <AsCsv path={foundPath(`/${vocabulary}/used`, { part })} />
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>{text.newOne[vocabulary]}</Button>
      </div>
      <Entries key={`${vocabulary} ${asTree} ${made}`} vocabulary={vocabulary} part={part} asTree={asTree} />
      {making && <NameDialog title={text.newOne[vocabulary]} onClose={() => setMaking(false)} onSave={async (name) => { await createEntry(vocabulary, name); setMade(made + 1); }} />}
    </>
  );
}

/** To be keyed by the vocabulary, whether it is shown as a tree, and how many were made: the entries of another are none of this. */
function Entries({ vocabulary, part, asTree }: { vocabulary: Vocabulary; part: string; asTree: boolean }) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const [changes, setChanges] = useState(0);
  const names = useParts<UsedName>(async (cursor) => (asTree ? { items: [], next: null } : listUsedNames(vocabulary, part, cursor)), part);
  const text = tLater().vocabularies;
  const load = async () => {
    setChanges((before) => before + 1);
    await names.reload();
  };
  const remove = async (entry: UsedName) => {
    try {
      await deleteEntry(vocabulary, entry);
    } catch (error) {
      showToast(explain(error));
    }
    await load();
  };
  const close = () => setDoing(null);
  const actions = (entry: UsedName) => (
    <>
      <Button compact icon="edit" aria-label={`${text.rename} ${entry.name}`} onClick={() => setDoing({ what: "rename", entry })}>{text.rename}</Button>
      {vocabulary === "tags" && <Button compact aria-label={`${text.move} ${entry.name}`} onClick={() => setDoing({ what: "move", entry })}>{text.move}</Button>}
      <Button compact icon="copy" aria-label={`${text.merge} ${entry.name}`} onClick={() => setDoing({ what: "merge", entry })}>{text.merge}</Button>
      <Button compact icon="trash" aria-label={`${tLater().admin.delete} ${entry.name}`} onClick={() => setDoing({ what: "delete", entry })}>{tLater().admin.delete}</Button>
    </>
  );
  return (
    <>
      {asTree ? <TagTree changes={changes} actions={actions} onMoved={() => setChanges((before) => before + 1)} />
        : <MoreParts of={names}>{(items) => <EntryTable vocabulary={vocabulary} part={part.trim()} items={items} actions={actions} />}</MoreParts>}
      {doing?.what === "rename" && (
        <NameDialog title={text.rename} name={doing.entry.name} onClose={close} onSave={async (name) => { await renameEntry(vocabulary, doing.entry, name); await load(); }} />
      )}
      {doing?.what === "move" && <MoveDialog vocabulary={vocabulary} entry={doing.entry} onClose={close} onSaved={load} />}
      {doing?.what === "merge" && <MergeDialog vocabulary={vocabulary} entry={doing.entry} onClose={close} onSaved={load} />}
      {doing?.what === "delete" && (
        <ConfirmDialog title={text.deleteTitle(doing.entry.name)} confirm={tLater().admin.delete} onClose={close} onConfirm={() => void remove(doing.entry)}>
          {text.deleteHelp(doing.entry.documents)}
        </ConfirmDialog>
      )}
    </>
  );
}

function EntryTable({ vocabulary, part, items, actions }: { vocabulary: Vocabulary; part: string; items: readonly UsedName[]; actions: (entry: UsedName) => ComponentChildren }) {
  const text = tLater().vocabularies;
  if (items.length === 0) return part ? <EmptyState icon="search" title={text.none} /> : <EmptyState icon="edit" title={text.nothingYet}>{text.nothingHelp}</EmptyState>;
  return (
    <TableRegion label={text.names[vocabulary]}>
      <TableHead columns={[tLater().admin.name, text.documents, ""]} />
      <tbody>
        {items.map((entry) => (
          <tr key={entry.id}>
            <td>{(entry as Partial<UsedTag>).path ?? entry.name}</td>
            <td>{formatNumber(entry.documents)}</td>
            <td class="actions">{actions(entry)}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

interface DialogProps {
  vocabulary: Vocabulary;
  entry: UsedName;
  onClose: () => void;
  onSaved: () => Promise<void>;
}

function NameDialog({ title, name: before = "", onClose, onSave }: { title: string; name?: string; onClose: () => void; onSave: (name: string) => Promise<void> }) {
  const [name, setName] = useState(before);
  return (
    <FormDialog title={title} onClose={onClose} onSave={() => onSave(name)}>
      {(problem) => <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />}
    </FormDialog>
  );
}

function MoveDialog({ entry, onClose, onSaved }: DialogProps) {
  const [under, setUnder] = useState<Choice | null>(null);
  const text = tLater().vocabularies;
  const save = async () => {
    await moveTag(entry.id, under?.id ?? null);
    await onSaved();
  };
  return (
    <FormDialog title={text.moveTitle(entry.name)} action={text.move} onClose={onClose} onSave={save}>
      {(problem) => (
        <Field label={text.under} hint={text.underHelp} error={problem("parent")}>
          {({ id }) => (
            <Picker id={id} label={text.under} value={under?.name ?? ""} placeholder={text.top} inputName="parent" onPick={setUnder} onClear={() => setUnder(null)}
              find={async (part, signal) => (await listNames("tags", part, signal)).filter((other) => other.id !== entry.id)} />
          )}
        </Field>
      )}
    </FormDialog>
  );
}

function MergeDialog({ vocabulary, entry, onClose, onSaved }: DialogProps) {
  const [into, setInto] = useState<Choice | null>(null);
  const text = tLater().vocabularies;
  const save = async () => {
    const changed = await mergeEntries(vocabulary, entry, into?.id ?? 0); // 0: refused, with the reason
    showToast(text.merged(changed));
    await onSaved();
  };
  return (
    <FormDialog title={text.mergeTitle(entry.name)} action={text.merge} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <p>{text.mergeHelp}</p>
          <Field label={text.into} error={problem("into")}>
            {({ id }) => (
              <Picker id={id} label={text.into} value={into?.name ?? ""} placeholder={t().panel.choose} inputName="into" onPick={setInto}
                find={async (part, signal) => (await listNames(vocabulary, part, signal)).filter((other) => other.id !== entry.id)} />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  );
}
