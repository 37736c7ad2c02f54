// The choice of a classification level: of an access list, or as somebody's clearance.
import { listLevels } from "../api/levels";
import { Select } from "./controls";
import { Content } from "./screen";
import { useLoaded } from "./use_loaded";

export function LevelField({ label, hint, value, error, onChange }: {
  label: string;
  hint: string;
  value: number;
  error: string | undefined;
  onChange: (level: number) => void;
}) {
  const levels = useLoaded(listLevels);
  return (
    <Content of={levels}>
      {(known) => (
        <div class="field">
          <Select label={label} value={String(value)} onChange={(chosen) => onChange(Number(chosen))}
            options={known.map(({ number, name }) => ({ value: String(number), label: name }))} />
          <div class="hint">{hint}</div>
          {error && <div class="error" role="alert">{error}</div>}
        </div>
      )}
    </Content>
  );
}
