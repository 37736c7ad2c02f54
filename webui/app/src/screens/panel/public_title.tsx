// What is kept and told in place of a document's title where those who may not read it see it.
import type { Document } from "../../api/types";
import { MaskedWords } from "../../components/masked_words";
import { tLater } from "../../i18n";
import { changing } from "../../state/document";
import { useAutosave } from "./autosave";
import { SavedField } from "./fields";
import { useTyped } from "./typed";

export function PublicTitle({ document, readOnly }: { document: Document; readOnly: boolean }) {
  const shown = document.public_title ?? "";
  const { text, type, commit, drop, autosave } = useTyped(shown, useAutosave(), (typed) => changing({ public_title: typed.trim() || null }));
  const words = tLater().publicTitle;
  const leave = () => {
    if (text.trim() !== shown) commit();
    else if (autosave.state.kind !== "stale") drop();
  };
  return (
    <details>
      <summary>{words.title}{shown && `: ${shown}`}</summary>
      <p class="muted small">{words.help}</p>
      <SavedField label={words.title} autosave={autosave}>
        {(id) => (
          <>
            <input id={id} class="input" name="public_title" value={text} placeholder={document.title} readOnly={readOnly} maxLength={500}
              onInput={(event) => type(event.currentTarget.value)} onBlur={leave}
              onKeyDown={(event) => {
                if (event.key === "Enter") { event.preventDefault(); event.currentTarget.blur(); }
                if (event.key === "Escape") { event.stopPropagation(); drop(); }
              }} />
            {!readOnly && (
              <MaskedWords label={words.hide} title={document.title} masked={document.public_title}
                onChange={(masked) => void autosave.save(changing({ public_title: masked }))} />
            )}
          </>
        )}
      </SavedField>
    </details>
  );
}
