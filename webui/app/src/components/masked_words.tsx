// The words of a title, each to be hidden or shown again with one press.
import { isMasked, toggled } from "./masked";

export function MaskedWords({ label, title, masked, onChange }: { label: string; title: string; masked: string | null; onChange: (masked: string | null) => void }) {
  return (
    <div class="candidates" role="group" aria-label={label}>
      {title.split(" ").map((word, at) => (
        <button key={at} type="button" aria-pressed={isMasked(title, masked, at)} onClick={() => onChange(toggled(title, masked, at))}>{word}</button>
      ))}
    </div>
  );
}
