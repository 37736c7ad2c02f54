// Making, changing and moving places, and choosing one.
import { useState } from "preact/hooks";
import { changeLocation, createLocation, findPlaces, moveLocation, relabel } from "../../api/paper";
import type { Location, Named } from "../../api/types";
import { Chooser, type ChooserProps } from "../../components/choosers";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { navigate } from "../../router";

const kinds: readonly Location["kind"][] = ["site", "room", "shelf", "box"];

/** Changes a place, or makes one in `parent`; a site without. */
export function PlaceDialog({ place, parent, onClose, onSaved }: { place: Location | null; parent: Location | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const possible = kinds.slice(parent ? kinds.indexOf(parent.kind) + 1 : 0, parent ? undefined : 1);
  const [kind, setKind] = useState<Location["kind"]>(possible[0] ?? "site");
  const [name, setName] = useState(place?.name ?? "");
  const [capacity, setCapacity] = useState(place?.capacity?.toString() ?? "");
  const [barcode, setBarcode] = useState("");
  const text = tLater().paper;
  const save = async () => {
    const room = capacity ? Number(capacity) : null;
    if (place) {
      await changeLocation(place, { name: name.trim(), capacity: room });
    } else {
      const made = await createLocation({ parent: parent?.id ?? null, kind, name: name.trim(), capacity: room, barcode: barcode.trim() });
      navigate(`/records/paper/places/${made.id}`);
    }
    await onSaved();
  };
  return (
    <FormDialog title={place ? place.path : parent ? `${text.newBelow}: ${parent.path}` : text.newSite} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          {!place && possible.length > 1 && (
            <Select label={text.kind} value={kind} onChange={(chosen) => setKind(kinds.find((each) => each === chosen) ?? kind)}
              options={possible.map((each) => ({ value: each, label: text.kinds[each] }))} />
          )}
          <TextField label={text.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          <TextField label={text.capacity} name="capacity" type="number" min={1} hint={text.capacityHint} error={problem("capacity")} value={capacity} onInput={setCapacity} />
          {!place && <BarcodeField value={barcode} onInput={setBarcode} error={problem("barcode")} />}
        </>
      )}
    </FormDialog>
  );
}

export function MovePlaceDialog({ place, onClose, onSaved }: { place: Location; onClose: () => void; onSaved: () => Promise<void> }) {
  const [to, setTo] = useState<Named | null>(null);
  const save = async () => { await moveLocation(place, to?.id ?? 0); await onSaved(); };
  return (
    <FormDialog title={`${tLater().paper.move}: ${place.path}`} action={tLater().paper.move} onClose={onClose} onSave={save}>
      {(problem) => <PlaceField label={tLater().paper.moveTo} takes={place.kind} value={to} error={problem("to")} onPick={setTo} required />}
    </FormDialog>
  );
}

export function BarcodeField({ value, onInput, error }: { value: string; onInput: (code: string) => void; error: string | undefined }) {
  return <TextField label={tLater().paper.barcode} name="barcode" hint={tLater().paper.barcodeHint} error={error} value={value} onInput={onInput} />;
}

/** Another code for what wears a label: the old one still leads to it. */
export function RelabelDialog({ what, id, onClose, onSaved }: { what: "documents" | "locations"; id: number; onClose: () => void; onSaved: () => Promise<void> }) {
  const [barcode, setBarcode] = useState("");
  const save = async () => {
    await relabel(what, id, barcode.trim());
    await onSaved();
  };
  return (
    <FormDialog title={tLater().paper.relabel} onClose={onClose} onSave={save}>
      {(problem) => <BarcodeField value={barcode} onInput={setBarcode} error={problem("barcode")} />}
    </FormDialog>
  );
}

/** A choice among the places that are in use, or those of them that take something of a kind. */
export function PlaceField({ takes, ...props }: ChooserProps & { takes?: Location["kind"] }) {
  return <Chooser {...props} placeholder={tLater().paper.nowhere} find={(part, signal) => findPlaces(part, signal, takes)} />;
}
