// The terms of a hold, and putting documents or a folder under one.
import { useState } from "preact/hooks";
import { changeHold, findHolds, holdDocuments, holdFolder, placeHold } from "../../api/records";
import type { Hold, HoldTerms, Named } from "../../api/types";
import { Chooser, PersonField } from "../../components/choosers";
import { Checkbox, Chip, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater, t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { reloadIfOpen } from "../../state/document";
import { refreshResults } from "../../state/search";
import { mayManageAccess } from "../../state/session";
import { showToast } from "../../state/toasts";
import { ReasonField } from "./parts";
import { QueryCount } from "./query_count";

type Terms = Required<HoldTerms>;

function termsOf(hold: Hold | null): Terms {
  return {
    title: hold?.title ?? "",
    reason: hold?.reason ?? "",
    query: hold?.query ?? "",
    confidential: hold?.confidential ?? false,
    custodians: hold?.custodians.map(({ account }) => account.id) ?? [],
  };
}

/** Places a hold, of what `query` finds to begin with, or changes one. */
export function HoldDialog({ hold, query, onClose, onSaved }: { hold: Hold | null; query?: string; onClose: () => void; onSaved: (id: number) => void }) {
  const [terms, setTerms] = useState({ ...termsOf(hold), ...(query ? { query } : {}) });
  const text = tLater().records;
  const save = async () => {
    if (hold) await changeHold(hold, terms);
    onSaved(hold ? hold.id : (await placeHold(terms)).id);
  };
  return (
    <FormDialog title={hold ? hold.title : text.newHold} action={hold ? t().common.save : text.placeHold} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <HoldNames terms={terms} onChange={setTerms} problem={problem} />
          <TextField label={text.holdQuery} name="query" hint={text.holdQueryHint} error={problem("query")} value={terms.query} onInput={(query) => setTerms({ ...terms, query })} />
          <QueryCount query={terms.query} />
          <Checkbox label={text.confidentialHelp} checked={terms.confidential} onChange={(confidential) => setTerms({ ...terms, confidential })} />
          {mayManageAccess.value && <Custodians first={hold?.custodians.map(({ account }) => account) ?? []} onChange={(custodians) => setTerms({ ...terms, custodians })} />}
        </>
      )}
    </FormDialog>
  );
}

function HoldNames({ terms, onChange, problem }: { terms: Terms; onChange: (terms: Terms) => void; problem: (field: string) => string | undefined }) {
  return (
    <>
      <TextField label={tLater().records.holdName} name="title" required error={problem("title")} value={terms.title} onInput={(title) => onChange({ ...terms, title })} />
      <ReasonField value={terms.reason} onInput={(reason) => onChange({ ...terms, reason })} error={problem("reason")} />
    </>
  );
}

function Custodians({ first, onChange }: { first: readonly Named[]; onChange: (ids: number[]) => void }) {
  const [chosen, setChosen] = useState(first);
  const text = tLater().records;
  const choose = (people: readonly Named[]) => {
    setChosen(people);
    onChange(people.map(({ id }) => id));
  };
  return (
    <>
      <PersonField label={text.custodiansHelp} value={null}
        onPick={(person) => { if (person && !chosen.some(({ id }) => id === person.id)) choose([...chosen, person]); }} />
      {chosen.length > 0 && (
        <div class="chips" role="group" aria-label={text.custodians}>
          {chosen.map(({ id, name }) => <Chip key={id} removeLabel={`${t().common.remove} ${name}`} onRemove={() => choose(chosen.filter((other) => other.id !== id))}>{name}</Chip>)}
        </div>
      )}
    </>
  );
}

/** Of documents of the list. */
export function HoldThese({ documents, onClose }: { documents: readonly number[]; onClose: () => void }) {
  const told = () => {
    refreshResults(0);
    for (const id of documents) void reloadIfOpen(id);
  };
  return <AddToHoldDialog on={{ documents }} name={t().common.documents(documents.length, formatNumber(documents.length))} onClose={onClose} onSaved={told} />;
}

/** Puts documents or a folder under a hold that is there, or under a new one. */
export function AddToHoldDialog({ on, name, onClose, onSaved }: {
  on: { documents: readonly number[] } | { folder: number };
  name: string;
  onClose: () => void;
  onSaved?: () => void;
}) {
  const [chosen, setChosen] = useState<Named | null>(null);
  const [terms, setTerms] = useState(termsOf(null));
  const text = tLater().records;
  const save = async () => {
    let hold = chosen;
    if (!hold) {
      hold = { id: (await placeHold(terms)).id, name: terms.title }; // and if what follows is refused, the next try is about this hold
      setChosen(hold);
    }
    if ("folder" in on) await holdFolder(hold.id, on.folder);
    else await holdDocuments(hold.id, on.documents);
    showToast(text.isHeld(name));
    onSaved?.();
  };
  return (
    <FormDialog title={`${text.placeOnHold}: ${name}`} action={text.placeHold} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Chooser label={text.hold} placeholder={text.newHold} value={chosen} find={findHolds} onPick={setChosen} />
          {!chosen && <HoldNames terms={terms} onChange={setTerms} problem={problem} />}
        </>
      )}
    </FormDialog>
  );
}
