// The classification levels of the archive; for those who manage accounts.
import { useState } from "preact/hooks";
import { deleteLevel, listLevels, nameLevel } from "../../api/levels";
import type { Level } from "../../api/types";
import { Button, IconButton, TextField } from "../../components/controls";
import { deleteWithUndo } from "../../components/delete_with_undo";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";

export function Levels() {
  const loaded = useLoaded(listLevels);
  const [editing, setEditing] = useState<Level | "new" | null>(null);
  const text = tLater().levels;
  return (
    <details class="stack">
      <summary>{text.title}</summary>
      <p class="muted small">{text.help}</p>
      <Content of={loaded}>
        {(levels) => (
          <ul class="stack">
            {levels.map((level) => (
              <li key={level.number} class="entry">
                <span>{level.number} {level.name}</span>
                <IconButton icon="edit" small label={`${t().common.edit} ${level.name}`} onClick={() => setEditing(level)} />
                {level.number > 0 && (
                  <IconButton icon="trash" small label={`${tLater().admin.delete} ${level.name}`}
                    onClick={() => void deleteWithUndo(level, level.name, () => deleteLevel(level), () => nameLevel(level), loaded.reload)} />
                )}
              </li>
            ))}
          </ul>
        )}
      </Content>
      <div class="button-row"><Button compact icon="plus" onClick={() => setEditing("new")}>{text.add}</Button><AsCsv path="/levels" /></div>
      {editing !== null && <LevelDialog level={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
    </details>
  );
}

function LevelDialog({ level, onClose, onSaved }: { level: Level | null; onClose: () => void; onSaved: () => Promise<void> }) {
  const [number, setNumber] = useState("");
  const [name, setName] = useState(level?.name ?? "");
  const text = tLater().levels;
  const save = async () => {
    await nameLevel({ number: level?.number ?? Number(number), name });
    await onSaved();
  };
  return (
    <FormDialog title={level?.name ?? text.add} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          {!level && <TextField label={text.number} name="number" type="number" required hint={text.numberHint} error={problem("number")} value={number} onInput={setNumber} />}
          <TextField label={tLater().admin.name} name="name" required error={problem("name")} value={name} onInput={setName} />
        </>
      )}
    </FormDialog>
  );
}
