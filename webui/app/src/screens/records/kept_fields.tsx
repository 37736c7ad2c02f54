// Which metadata stays of what is destroyed.
import type { TombstoneField } from "../../api/tombstones";
import { Checkbox } from "../../components/controls";
import { tLater } from "../../i18n";

const allFields: readonly TombstoneField[] = ["title", "date", "type", "correspondent", "folder", "identifiers", "custom_fields"];

export function KeptFields({ chosen, onChange }: { chosen: readonly TombstoneField[]; onChange: (fields: TombstoneField[]) => void }) {
  const text = tLater().tombstones;
  return (
    <div class="columns">
      {allFields.map((field) => (
        <Checkbox key={field} label={text.names[field]} checked={chosen.includes(field)}
          onChange={(on) => onChange(allFields.filter((one) => (one === field ? on : chosen.includes(one))))} />
      ))}
    </div>
  );
}
