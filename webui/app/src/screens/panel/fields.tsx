// The fields of a document's metadata. Each saves itself when it is left, and says so.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { ensureName, listNames, type Vocabulary } from "../../api/names";
import type { Document } from "../../api/types";
import { Conflict } from "../../components/conflict";
import { Chip } from "../../components/controls";
import { Icon } from "../../components/icon";
import { Picker, type Choice } from "../../components/picker";
import { t } from "../../i18n";
import { changing } from "../../state/document";
import { useAutosave, type Autosave } from "./autosave";
import { useTyped } from "./typed";

export function SavedField({ label, source, autosave, children }: {
  label: string;
  source?: "none" | "filename" | "guessed" | "person";
  autosave: Autosave;
  children: (id: string) => ComponentChildren;
}) {
  const id = useId();
  const { state } = autosave;
  return (
    <div class="field">
      <div>
        <label class="label" for={id}>{label}</label>
        {source === "guessed" && <span class="source" title={t().panel.guessedHint}><Icon name="spark" size={14} />{t().panel.guessed}</span>}
        <span class={`saving ${state.kind === "saved" ? "ok" : ""}`} role="status">
          {state.kind === "saving" ? t().common.saving : state.kind === "saved" ? t().common.saved : ""}
        </span>
      </div>
      {children(id)}
      {state.kind === "failed" && <div class="error" role="alert">{state.reason}</div>}
      {state.kind === "stale" && <Conflict keepMine={autosave.keepMine} takeTheirs={autosave.takeTheirs} />}
    </div>
  );
}

/** A line of text that saves itself on Enter and when it is left; Esc takes a change back. */
export function TitleField({ document, readOnly }: { document: Document; readOnly: boolean }) {
  const { text, type, commit, drop, autosave } = useTyped(document.title, useAutosave(), (typed) => changing({ title: typed.trim() }));
  const leave = () => {
    if (text.trim() !== "" && text.trim() !== document.title) commit();
    else if (autosave.state.kind !== "stale") drop();
  };
  return (
    <SavedField label={t().panel.title} source={document.title_source} autosave={autosave}>
      {(id) => (
        <textarea id={id} class="input" rows={2} name="title" value={text} readOnly={readOnly} maxLength={500}
          onInput={(event) => type(event.currentTarget.value)} onBlur={leave}
          onKeyDown={(event) => {
            if (event.key === "Enter") { event.preventDefault(); event.currentTarget.blur(); }
            if (event.key === "Escape" && text !== document.title) { event.preventDefault(); drop(); }
          }} />
      )}
    </SavedField>
  );
}

export function NameField({ document, field, vocabulary, label, readOnly }: {
  document: Document;
  field: "type" | "correspondent";
  vocabulary: Vocabulary;
  label: string;
  readOnly: boolean;
}) {
  const autosave = useAutosave();
  return (
    <SavedField label={label} autosave={autosave}>
      {(id) => (
        <Picker id={id} label={label} value={document[field]?.name ?? ""} placeholder={t().panel.choose} canCreate disabled={readOnly}
          inputName={field} find={findNames(vocabulary)} onPick={(choice) => void autosave.save(async (present) => changing({ [field]: await idOf(vocabulary, choice) })(present))}
          onClear={() => void autosave.save(changing({ [field]: null }))} />
      )}
    </SavedField>
  );
}

export function findNames(vocabulary: Vocabulary) {
  return (part: string, signal: AbortSignal) => listNames(vocabulary, part, signal);
}

async function idOf(vocabulary: Vocabulary, choice: Choice): Promise<number> {
  return choice.id ?? (await ensureName(vocabulary, choice.name)).id;
}

export function TagsField({ document, readOnly }: { document: Document; readOnly: boolean }) {
  const autosave = useAutosave();
  const carried = document.tags.map((tag) => tag.id);
  const add = (choice: Choice) => void autosave.save(async (present) => {
    const added = await idOf("tags", choice);
    const ids = present.tags.map((tag) => tag.id);
    return ids.includes(added) ? present : changing({ tags: [...ids, added] })(present);
  });
  const remove = (id: number) => void autosave.save((present) =>
    changing({ tags: present.tags.map((tag) => tag.id).filter((other) => other !== id) })(present));
  return (
    <SavedField label={t().panel.tags} autosave={autosave}>
      {(id) => (
        <>
          {document.tags.length > 0 && (
            <div class="chips">
              {document.tags.map((tag) => (readOnly
                ? <span key={tag.id} class="badge">{tag.name}</span>
                : <Chip key={tag.id} removeLabel={t().panel.removeTag(tag.name)} onRemove={() => remove(tag.id)}>{tag.name}</Chip>))}
            </div>
          )}
          <Picker id={id} label={t().panel.addTag} value="" placeholder={t().panel.addTag} canCreate disabled={readOnly} inputName="tags"
            find={async (part, signal) => (await listNames("tags", part, signal)).filter((tag) => !carried.includes(tag.id))} onPick={add} />
        </>
      )}
    </SavedField>
  );
}
