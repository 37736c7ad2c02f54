// The fields of the inbox's form. What a suggestion filled in says how sure it is; one that is less sure waits in its field
// until it is taken.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { scheduleOf } from "../../api/inbox";
import { findClasses, findFolders, listNames, type FoundName } from "../../api/names";
import type { CustomField, CustomValue, Document, FilingSuggestion, FoundField } from "../../api/types";
import { Chip } from "../../components/controls";
import { Icon } from "../../components/icon";
import { Picker, type Choice } from "../../components/picker";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import type { FoundOffer, PlacedField } from "../found_values";
import { origin, type Draft, type Field } from "./draft";
import { LabelledField, reason, sureness } from "./labelled_field";
import { Offered, type Offer } from "./offered";
import { OwnFields } from "./own_fields";
import type { Missing } from "./saving";

export interface FormProps {
  document: Document;
  draft: Draft;
  edit: (change: Partial<Draft>) => void;
  take: (suggestion: FilingSuggestion) => void;
  suggestions: readonly FilingSuggestion[];
  offers: readonly FilingSuggestion[];
  decline: (suggestion: FilingSuggestion) => void;
  ownFields: readonly CustomField[]; // all that the organisation has
  found: readonly FoundField[]; // on the pages
  foundOffers: readonly FoundOffer[];
  fill: (field: CustomValue, value: string, shown?: string) => void;
  declineFound: (field: CustomValue) => void;
  pointAt: (phrase: string, page?: number) => void;
  point: (found: PlacedField) => void;
  missing: Missing | null; // without which it cannot be filed
}

export function Form(props: FormProps) {
  const { draft, edit, pointAt, missing } = props;
  const text = t().panel;
  const names = (vocabulary: "types" | "correspondents") => (part: string, signal: AbortSignal) => listNames(vocabulary, part, signal);
  return (
    <>
      <LabelledField label={text.title} error={missing === "title" ? tLater().inbox.titleMissing : undefined}>
        {(id) => (
          <input id={id} class="input" name="title" value={draft.title} maxLength={500} autoComplete="off"
            onInput={(event) => edit({ title: event.currentTarget.value })} onFocus={() => pointAt(draft.title)} />
        )}
      </LabelledField>
      <ChoiceField {...props} field="correspondent" label={text.correspondent} find={names("correspondents")} canCreate />
      <ChoiceField {...props} field="type" label={text.type} find={names("types")} canCreate />
      <DateField {...props} />
      <TagsField {...props} />
      <OwnFields {...props} />
      <ChoiceField {...props} field="class" label={text.class} find={findClasses} disabled={draft.folder !== null}
        error={missing === "place" && draft.class === null && draft.folder === null ? <PlaceMissing /> : undefined} />
      <ChoiceField {...props} field="folder" label={text.folder} find={(part, signal) => findFolders(part, draft.class?.id, signal)} />
      <Retention key={`${draft.class?.id} ${draft.folder?.id}`} draft={draft} />
    </>
  );
}

function offered(offer: FilingSuggestion): Offer {
  return { text: `${offer.value.name} · ${sureness(offer)}`, label: `${offer.value.name}, ${sureness(offer)}`, reason: reason(offer) };
}

function ChoiceField({ draft, edit, take, suggestions, offers, decline, pointAt, field, label, find, canCreate, disabled, error }: FormProps & {
  field: Exclude<Field, "tag">;
  label: string;
  find: (part: string, signal: AbortSignal) => Promise<FoundName[]>;
  canCreate?: boolean;
  disabled?: boolean;
  error?: ComponentChildren;
}) {
  const offer = disabled ? undefined : offers.find((suggestion) => suggestion.field === field);
  const choose = (choice: Choice | null) => edit({ ...(field === "folder" && choice ? { class: null } : {}), [field]: choice });
  return (
    <LabelledField label={label} mark={origin(field, draft[field], suggestions)} error={error}>
      {(id) => (
        <Offered offer={offer && offered(offer)} offerId={`${id}-offer`} take={() => { if (offer) take(offer); }} decline={() => { if (offer) decline(offer); }}>
          <div onFocusCapture={() => pointAt(field === "correspondent" ? draft[field]?.name ?? offer?.value.name ?? "" : "")}>
            <Picker id={id} label={label} value={draft[field]?.name ?? ""} placeholder={disabled ? tLater().inbox.folderDecides : t().panel.choose} inputName={field}
              describedBy={offer && `${id}-offer`} canCreate={canCreate ?? false} disabled={disabled ?? false} find={find} onPick={choose} onClear={() => choose(null)} />
          </div>
        </Offered>
      )}
    </LabelledField>
  );
}

function DateField({ document, draft, edit, pointAt }: FormProps) {
  const candidates = document.date_candidates.filter(({ date }, index, all) => all.findIndex((other) => other.date === date) === index).slice(0, 4);
  const show = (date: string) => {
    const candidate = document.date_candidates.find((other) => other.date === date);
    pointAt(candidate?.context ?? "", candidate?.page);
  };
  return (
    <LabelledField label={t().panel.date}>
      {(id) => (
        <>
          <input id={id} class="input" type="date" name="date" value={draft.date}
            onChange={(event) => edit({ date: event.currentTarget.value })} onFocus={() => show(draft.date)} />
          {candidates.length > 1 && (
            <div class="candidates" role="group" aria-label={t().panel.dateCandidates}>
              {candidates.map(({ date, context }) => (
                <button key={date} type="button" title={context} aria-pressed={date === draft.date} onFocus={() => show(date)}
                  onClick={() => edit({ date })}>{formatDate(date)}</button>
              ))}
            </div>
          )}
        </>
      )}
    </LabelledField>
  );
}

function TagsField({ draft, edit, take, suggestions, offers, decline, pointAt }: FormProps) {
  const offer = offers.find(({ field }) => field === "tag");
  const carried = (choice: Choice) => draft.tags.some((tag) => (choice.id === undefined ? tag.name === choice.name : tag.id === choice.id));
  return (
    <LabelledField label={t().panel.tags}>
      {(id) => (
        <>
          {draft.tags.length > 0 && (
            <div class="chips">
              {draft.tags.map((tag) => {
                const mark = origin("tag", tag, suggestions);
                return (
                  <Chip key={tag.id ?? tag.name} removeLabel={t().panel.removeTag(tag.name)} onRemove={() => edit({ tags: draft.tags.filter((other) => other !== tag) })}>
                    {mark && <Icon name="spark" size={14} />}{tag.name}{mark && ` ${sureness(mark)}`}
                  </Chip>
                );
              })}
            </div>
          )}
          <Offered offer={offer && offered(offer)} offerId={`${id}-offer`} take={() => { if (offer) take(offer); }} decline={() => { if (offer) decline(offer); }}>
            <div onFocusCapture={() => pointAt("")}>
              <Picker id={id} label={t().panel.addTag} value="" placeholder={t().panel.addTag} canCreate inputName="tags" describedBy={offer && `${id}-offer`}
                find={async (part, signal) => (await listNames("tags", part, signal)).filter((tag) => !carried(tag))}
                onPick={(choice) => { if (!carried(choice)) edit({ tags: [...draft.tags, choice] }); }} />
            </div>
          </Offered>
        </>
      )}
    </LabelledField>
  );
}

function PlaceMissing() {
  const classes = useLoaded(() => findClasses("")).data;
  return <>{classes?.length === 0 ? tLater().inbox.noPlan : tLater().inbox.placeMissing}</>;
}

/** How long what is filed there is kept. Of one place: to be keyed by it. */
function Retention({ draft }: { draft: Draft }) {
  const [schedule, setSchedule] = useState<string | null>(null);
  useEffect(() => {
    const place = draft.folder ?? draft.class;
    if (place?.id === undefined) return;
    void scheduleOf(draft.folder ? "folders" : "classes", place.id).then(setSchedule, () => setSchedule(null)); // it is told beside; filing does not need it
  }, []);
  return schedule === null ? null : <p class="muted small">{tLater().inbox.retention(schedule)}</p>;
}
