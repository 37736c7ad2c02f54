// Fields that choose a class, a folder, an access list or a person. None loads a whole list: the server finds what fits.
import { findAccessLists, findClasses, findFolders, findPeople, type FoundName } from "../api/names";
import type { Named } from "../api/types";
import { t } from "../i18n";
import { Field } from "./controls";
import { Picker } from "./picker";

export interface ChooserProps {
  label: string;
  value: Named | null;
  onPick: (value: Named | null) => void;
  required?: boolean;
  placeholder?: string; // what stands for nothing chosen
  error?: string | undefined;
}

export function ClassField(props: ChooserProps) {
  return <Chooser {...props} find={findClasses} />;
}

/** `inClass`: only folders of that class. To be keyed by it. */
export function FolderField({ inClass, ...props }: ChooserProps & { inClass?: number | undefined }) {
  return <Chooser {...props} find={(part, signal) => findFolders(part, inClass, signal)} />;
}

export function AccessListField(props: ChooserProps) {
  return <Chooser {...props} find={findAccessLists} />;
}

export function PersonField(props: ChooserProps) {
  return <Chooser {...props} find={findPeople} />;
}

export function Chooser({ label, value, onPick, required, placeholder, error, find }: ChooserProps & { find: (part: string, signal: AbortSignal) => Promise<FoundName[]> }) {
  return (
    <Field label={label} error={error}>
      {({ id, "aria-describedby": describedBy }) => (
        <Picker id={id} label={label} value={value?.name ?? ""} placeholder={placeholder ?? t().panel.choose} required={required ?? false} describedBy={describedBy}
          find={find} onPick={({ id: chosen, name }) => onPick(chosen === undefined ? null : { id: chosen, name })} onClear={() => onPick(null)} />
      )}
    </Field>
  );
}
