import { useEffect, useState } from "preact/hooks";
import { listAccessLists } from "../../api/admin";
import { setAccessList } from "../../api/documents";
import { listClasses, listFolders, readingLanguages, type Place } from "../../api/names";
import type { Document, DocumentChange } from "../../api/types";
import { Banner } from "../../components/controls";
import { later } from "../../components/later";
import { useLoaded } from "../../components/use_loaded";
import { t } from "../../i18n";
import { formatDate, languageName } from "../../i18n/format";
import { mayEdit, mayManageAccess } from "../../state/session";
import { changing, type DocumentSave } from "../../state/document";
import { useAutosave } from "./autosave";
import { NameField, SavedField, TagsField, TitleField } from "./fields";

const Suggestions = later(async () => (await import("./suggestions")).Suggestions, null);

const CustomFields = later(async () => (await import("./custom_fields")).CustomFields, null);

const FoundFields = later(async () => (await import("./found_fields")).FoundFields, null);

const WhoSees = later(async () => (await import("./who_sees")).WhoSees, null);

const SamePaper = later(async () => (await import("./same_paper")).SamePaper, null);

export function InfoTab({ document }: { document: Document }) {
  const readOnly = !mayEdit.value || !document.may_change || document.trashed_at !== null || document.on_hold;
  const frozen = readOnly || document.is_record;
  const text = t().panel;
  return (
    <>
      {document.on_hold ? <Banner icon="hold">{text.heldNote}</Banner> : document.is_record ? <Banner icon="shield">{text.recordNote}</Banner>
        : readOnly && !document.trashed_at && <Banner>{text.readOnly}</Banner>}
      {!frozen && document.state === "ready" && <SamePaper key={`${document.id}/${document.version}`} document={document} />}
      {!readOnly && document.state === "ready" && <Suggestions key={`${document.id} ${document.version}`} document={document} />}
      <TitleField document={document} readOnly={frozen} />
      <DateField document={document} readOnly={readOnly} />
      <NameField document={document} field="correspondent" vocabulary="correspondents" label={text.correspondent} readOnly={readOnly} />
      <NameField document={document} field="type" vocabulary="types" label={text.type} readOnly={readOnly} />
      <TagsField document={document} readOnly={readOnly} />
      {document.custom_fields.length > 0 && <CustomFields document={document} readOnly={readOnly} />}
      <LanguageField document={document} readOnly={readOnly} />
      <PlaceFields document={document} readOnly={readOnly} frozen={frozen} />
      {mayManageAccess.value && <WhoSees key={`who ${document.id} ${document.version}`} document={document} />}
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

/** Where the document belongs: class, folder and access list, each shown only where there is something to choose. */
function PlaceFields({ document, readOnly, frozen }: { document: Document; readOnly: boolean; frozen: boolean }) {
  const [classes, setClasses] = useState<Place[]>([]);
  const [folders, setFolders] = useState<Place[]>([]);
  const [lists, setLists] = useState<Place[]>([]);
  useEffect(() => {
    void listClasses().then(setClasses, () => setClasses([])); // a field that cannot be filled is not shown
    void listFolders().then(setFolders, () => setFolders([]));
    if (mayManageAccess.value) void listAccessLists().then((items) => setLists(items.map(({ id, name }) => ({ id, label: name }))), () => setLists([]));
  }, []);
  const text = t().panel;
  const own = document.access_list.inherited ? null : document.access_list.id;
  const place = (field: "class" | "folder") => (id: number | null) => {
    const change: DocumentChange = { [field]: id };
    return changing(change);
  };
  return (
    <>
      <PlaceField label={text.class} value={document.class?.id ?? null} places={classes} none={t().common.none} readOnly={frozen} save={place("class")} />
      <PlaceField label={text.folder} value={document.folder?.id ?? null} places={folders} none={t().common.none} readOnly={frozen} save={place("folder")} />
      <PlaceField label={text.access} value={own} places={lists} none={text.accessInherited} readOnly={readOnly}
        save={(id) => (present) => setAccessList(present, id)} />
    </>
  );
}

function PlaceField({ label, value, places, none, readOnly, save }: {
  label: string;
  value: number | null;
  places: readonly Place[];
  none: string;
  readOnly: boolean;
  save: (id: number | null) => DocumentSave;
}) {
  const autosave = useAutosave();
  if (places.length === 0) return null;
  return (
    <SavedField label={label} autosave={autosave}>
      {(id) => (
        <select id={id} class="input" value={value === null ? "" : String(value)} disabled={readOnly}
          onChange={(event) => void autosave.save(save(event.currentTarget.value ? Number(event.currentTarget.value) : null))}>
          <option value="" selected={value === null}>{none}</option>
          {places.map((place) => <option key={place.id} value={String(place.id)} selected={place.id === value}>{place.label}</option>)}
        </select>
      )}
    </SavedField>
  );
}
