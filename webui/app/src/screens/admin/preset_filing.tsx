// What is said beforehand of how something is filed that comes in by itself.
import { listNames, type Vocabulary } from "../../api/names";
import type { MailRule, Named } from "../../api/types";
import { ClassField, FolderField } from "../../components/choosers";
import { Chip, Field } from "../../components/controls";
import { Picker } from "../../components/picker";
import { t, tLater } from "../../i18n";

export type PresetFiling = Pick<MailRule, "type" | "correspondent" | "tags" | "class" | "file_folder">;

/** As the server takes it. */
export function filingTerms({ type, correspondent, tags, class: place, file_folder }: PresetFiling) {
  return {
    type_id: type?.id ?? null, correspondent_id: correspondent?.id ?? null, tag_ids: tags.map((tag) => tag.id),
    class_id: place?.id ?? null, folder_id: file_folder?.id ?? null,
  };
}

export function FilingFields({ filing, set }: { filing: PresetFiling; set: (change: Partial<PresetFiling>) => void }) {
  const text = tLater().mail;
  return (
    <>
      <NameField label={text.type} vocabulary="types" value={filing.type} onPick={(type) => set({ type })} />
      <NameField label={text.correspondent} vocabulary="correspondents" value={filing.correspondent} onPick={(correspondent) => set({ correspondent })} />
      <NameField label={text.tag} vocabulary="tags" value={null}
        onPick={(tag) => { if (tag && !filing.tags.some((one) => one.id === tag.id)) set({ tags: [...filing.tags, tag] }); }} />
      {filing.tags.length > 0 && (
        <div class="chips" role="group" aria-label={text.tags}>
          {filing.tags.map((tag) => <Chip key={tag.id} removeLabel={text.removeTag(tag.name)} onRemove={() => set({ tags: filing.tags.filter((one) => one.id !== tag.id) })}>{tag.name}</Chip>)}
        </div>
      )}
      <ClassField label={text.fileClass} placeholder={text.none} value={filing.class} onPick={(place) => set({ class: place })} />
      <FolderField label={text.fileFolder} placeholder={text.none} value={filing.file_folder} onPick={(place) => set({ file_folder: place })} />
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
