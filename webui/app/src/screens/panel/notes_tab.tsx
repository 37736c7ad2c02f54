import { useEffect, useRef, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { addNote, fetchNotes, removeNote } from "../../api/documents";
import type { Document, Note } from "../../api/types";
import { Banner, Button, IconButton, Loading } from "../../components/controls";
import { t, tLater } from "../../i18n";
import { formatTime } from "../../i18n/format";
import { mayEdit, session } from "../../state/session";
import { showToast } from "../../state/toasts";
import { notes as written, write } from "../../state/writing";
import { useSaveKey } from "./save_key";

const adding = new Set<number>(); // documents whose note is on its way

export function NotesTab({ document }: { document: Document }) {
  const [notes, setNotes] = useState<Note[] | null>(null);
  const draft = written.value.get(document.id) ?? "";
  const [error, setError] = useState("");
  const asked = useRef(0);
  const load = async () => {
    asked.current += 1;
    const mine = asked.current;
    try {
      const read = await fetchNotes(document.id);
      if (mine === asked.current) setNotes(read); // a late answer knows less
    } catch (failure) {
      if (mine === asked.current) setError(explain(failure));
    }
  };
  useEffect(() => { void load(); }, [document.id]);

  const act = async (change: () => Promise<void>): Promise<boolean> => {
    setError("");
    try {
      await change();
      await load();
      return true;
    } catch (failure) {
      setError(explain(failure));
      return false;
    }
  };
  const edit = (text: string) => write(written, document.id, text || null);
  const add = async (): Promise<boolean> => {
    const text = (written.value.get(document.id) ?? "").trim();
    if (text === "") return true;
    if (adding.has(document.id)) return false;
    adding.add(document.id);
    const added = await act(async () => {
      await addNote(document.id, text);
      if (written.value.get(document.id)?.trim() === text) edit(""); // what was typed since stays
    });
    adding.delete(document.id);
    return added;
  };
  useSaveKey(add);
  const remove = (note: Note) => act(async () => {
    await removeNote(document.id, note.id);
    // Made again by somebody else it would be theirs.
    const own = note.created_by?.id === session.value?.account.id;
    showToast(tLater().writing.noteDeleted, own ? async () => { await addNote(document.id, note.text).finally(load); } : undefined);
  });

  const mayChange = mayEdit.value && document.may_change && !document.trashed_at;
  return (
    <>
      {error && <Banner kind="danger">{error}</Banner>}
      {mayChange && (
        <form class="field" onSubmit={(event) => { event.preventDefault(); void add(); }}>
          <label class="label" for="new-note">{t().panel.noteLabel}</label>
          <textarea id="new-note" class="input" value={draft} onInput={(event) => edit(event.currentTarget.value)} />
          <div><Button type="submit" icon="plus" disabled={!draft.trim()}>{t().panel.addNote}</Button></div>
        </form>
      )}
      {!notes ? !error && <Loading /> : notes.length === 0 ? <p class="muted">{t().panel.noNotes}</p> : (
        <ul class="cards">
          {notes.map((note) => (
            <li key={note.id} class="note">
              <span>{note.text}</span>
              {note.may_delete && <IconButton icon="trash" small label={t().panel.removeNote} onClick={() => void remove(note)} />}
              <span class="by">{note.created_by?.name} · {formatTime(note.created_at)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
