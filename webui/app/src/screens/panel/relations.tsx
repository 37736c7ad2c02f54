// What a document has to do with others, both ways, and saying so.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { findDocuments } from "../../api/documents";
import { fetchRelations, relate, unrelate } from "../../api/relations";
import type { Document, Relation, RelationKind } from "../../api/types";
import { Button, Field, IconButton, Select } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Picker, type Choice } from "../../components/picker";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";

const kinds: readonly RelationKind[] = ["answers", "supersedes", "belongs_to", "relates_to"];

/** Of one document: to be keyed by it. */
export function Relations({ document }: { document: Document }) {
  const loaded = useLoaded(() => fetchRelations(document.id));
  const [adding, setAdding] = useState(false);
  const text = tLater().relations;
  const readOnly = !mayEdit.value || !document.may_change || document.on_hold || document.trashed_at !== null;
  const found = loaded.data ?? [];
  const remove = async ({ kind, document: other }: Relation) => {
    try {
      await unrelate(document.id, kind, other.id);
      showToast(text.removed, () => relate(document.id, kind, other.id).finally(loaded.reload));
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  if (readOnly && found.length === 0) return null;
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      <ul>
        {found.map((relation) => (
          <li key={`${relation.kind} ${relation.document.id} ${relation.reversed}`}>
            {(relation.reversed ? text.reversedNames : text.names)[relation.kind]}{" "}
            <a href={`/?doc=${relation.document.id}`}>{relation.document.title}</a>
            {!readOnly && !relation.reversed && <IconButton icon="close" small label={text.remove(relation.document.title)} onClick={() => void remove(relation)} />}
          </li>
        ))}
      </ul>
      <div class="actions">
        {!readOnly && <Button compact icon="plus" onClick={() => setAdding(true)}>{text.add}</Button>}
        {found.length > 0 && <a class="button compact" href={`/?q=related:${document.id}`}>{text.asList}</a>}
      </div>
      {adding && <AddDialog document={document} onClose={() => setAdding(false)} onSaved={loaded.reload} />}
    </section>
  );
}

function AddDialog({ document, onClose, onSaved }: { document: Document; onClose: () => void; onSaved: () => Promise<void> }) {
  const [kind, setKind] = useState<RelationKind>("answers");
  const [other, setOther] = useState<Choice | null>(null);
  const text = tLater().relations;
  const save = async () => {
    await relate(document.id, kind, other?.id ?? document.id); // itself: refused, with the reason
    await onSaved();
  };
  return (
    <FormDialog title={text.add} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Select label={text.kind} value={kind} options={kinds.map((name) => ({ value: name, label: text.names[name] }))}
            onChange={(name) => setKind(kinds.find((one) => one === name) ?? "relates_to")} />
          <Field label={text.document} error={problem("document")}>
            {({ id }) => (
              <Picker id={id} label={text.document} value={other?.name ?? ""} placeholder={t().panel.choose} inputName="document" onPick={setOther}
                find={async (part, signal) => (await findDocuments(part, signal)).filter((found) => found.id !== document.id)} />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  );
}
