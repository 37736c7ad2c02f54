import { setAccessList } from "../../api/documents";
import { findAccessLists, findClasses, findFolders, readingLanguages, type FoundName } from "../../api/names";
import type { Document } from "../../api/types";
import { Banner } from "../../components/controls";
import { later } from "../../components/later";
import { Picker } from "../../components/picker";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate, languageName } from "../../i18n/format";
import { mayEdit, mayManageAccess } from "../../state/session";
import { changing, type DocumentSave } from "../../state/document";
import { saveFields, useAutosave } from "./autosave";
import { NameField, SavedField, TagsField, TitleField } from "./fields";
import { useSaveKey } from "./save_key";

const Suggestions = later(async () => (await import("./suggestions")).Suggestions, null);

const CustomFields = later(async () => (await import("./custom_fields")).CustomFields, null);

const FoundFields = later(async () => (await import("./found_fields")).FoundFields, null);

const WhoSees = later(async () => (await import("./who_sees")).WhoSees, null);

const PublicTitle = later(async () => (await import("./public_title")).PublicTitle, null);

const SamePaper = later(async () => (await import("./same_paper")).SamePaper, null);

export function InfoTab({ document }: { document: Document }) {
  const readOnly = !mayEdit.value || !document.may_change || document.trashed_at !== null || document.on_hold;
  const frozen = readOnly || document.is_record;
  const text = t().panel;
  useSaveKey(saveFields);
  return (
    <>
      {document.on_hold ? <Banner icon="hold">{text.heldNote}</Banner> : document.is_record ? <Banner icon="shield">{text.recordNote}</Banner>
        : readOnly && !document.trashed_at && <Banner>{text.readOnly}</Banner>}
      {!frozen && document.state === "ready" && <SamePaper key={`${document.id}/${document.version}`} document={document} />}
      {!readOnly && document.state === "ready" && <Suggestions key={`${document.id} ${document.version}`} document={document} />}
      <TitleField document={document} readOnly={frozen} />
      {(!readOnly || document.public_title) && <PublicTitle document={document} readOnly={readOnly} />}
      <DateField document={document} readOnly={readOnly} />
      <NameField document={document} field="correspondent" vocabulary="correspondents" label={text.correspondent} readOnly={readOnly} />
      <NameField document={document} field="type" vocabulary="types" label={text.type} readOnly={readOnly} />
      <TagsField document={document} readOnly={readOnly} />
      {document.custom_fields.length > 0 && <CustomFields document={document} readOnly={readOnly} />}
      <LanguageField document={document} readOnly={readOnly} />
      <PlaceFields document={document} readOnly={readOnly} frozen={frozen} />
      {mayManageAccess.value && <WhoSees key={`who ${document.id}`} document={document} />}
      {document.state === "ready" && <FoundFields key={`${document.id} ${document.version}`} document={document} />}
    </>
  );
}

function DateField({ document, readOnly }: { document: Document; readOnly: boolean }) {
  const autosave = useAutosave();
  const save = (date: string | null) => {
    if (date !== document.document_date) void autosave.save(changing({ document_date: date }));
  };
  return (
    <SavedField label={t().panel.date} source={document.date_source} autosave={autosave}>
      {(id) => (
        <>
          <input id={id} class="input" type="date" name="date" value={document.document_date ?? ""} readOnly={readOnly}
            onChange={(event) => save(event.currentTarget.value || null)} />
          {!readOnly && document.date_candidates.length > 0 && (
            <div class="candidates" role="group" aria-label={t().panel.dateCandidates}>
              {unique(document.date_candidates).slice(0, 5).map((candidate) => (
                <button key={candidate.date} type="button" title={`${candidate.context} (${t().search.page(candidate.page)})`}
                  aria-pressed={candidate.date === document.document_date} onClick={() => save(candidate.date)}>{formatDate(candidate.date)}</button>
              ))}
            </div>
          )}
        </>
      )}
    </SavedField>
  );
}

type DateCandidate = Document["date_candidates"][number];

function unique(candidates: readonly DateCandidate[]): DateCandidate[] {
  return candidates.filter((candidate, index) => candidates.findIndex((other) => other.date === candidate.date) === index);
}

function LanguageField({ document, readOnly }: { document: Document; readOnly: boolean }) {
  const autosave = useAutosave();
  const configured = useLoaded(readingLanguages).data ?? [];
  const codes = [...new Set([...configured, document.language].filter(Boolean))];
  return (
    <SavedField label={t().panel.language} source={document.language ? document.language_source : "none"} autosave={autosave}>
      {(id) => (
        <select id={id} class="input" value={document.language} disabled={readOnly}
          onChange={(event) => void autosave.save(changing({ language: event.currentTarget.value }))}>
          {!document.language && <option value="">{t().panel.languageAuto}</option>}
          {codes.map((code) => <option key={code} value={code} selected={code === document.language}>{languageName(code)}</option>)}
        </select>
      )}
    </SavedField>
  );
}

/** Where the document belongs: class and folder, and the access list for those who may choose one. */
function PlaceFields({ document, readOnly, frozen }: { document: Document; readOnly: boolean; frozen: boolean }) {
  const text = t().panel;
  const { class: inClass, folder, access_list: list } = document;
  return (
    <>
      <PlaceField label={text.class} value={inClass ? `${inClass.code} ${inClass.title}` : ""} none={t().common.none} readOnly={frozen} find={findClasses}
        save={(id) => changing({ class: id })} />
      <PlaceField key={inClass?.id} label={text.folder} value={folder?.title ?? ""} none={t().common.none} readOnly={frozen}
        find={(part, signal) => findFolders(part, inClass?.id, signal)} save={(id) => changing({ folder: id })} />
      {mayManageAccess.value && (
        <PlaceField label={text.access} value={list.inherited ? "" : list.name} none={text.accessInherited} readOnly={readOnly} find={findAccessLists}
          save={(id) => (present) => setAccessList(present, id)} />
      )}
      {list.level.number > 0 && <p class="muted">{tLater().levels.level}: {list.level.name}</p>}
    </>
  );
}

function PlaceField({ label, value, none, readOnly, find, save }: {
  label: string;
  value: string;
  none: string;
  readOnly: boolean;
  find: (part: string, signal: AbortSignal) => Promise<FoundName[]>;
  save: (id: number | null) => DocumentSave;
}) {
  const autosave = useAutosave();
  return (
    <SavedField label={label} autosave={autosave}>
      {(id) => (
        <Picker id={id} label={label} value={value} placeholder={none} disabled={readOnly} find={find}
          onPick={(chosen) => void autosave.save(save(chosen.id ?? null))} onClear={() => void autosave.save(save(null))} />
      )}
    </SavedField>
  );
}
