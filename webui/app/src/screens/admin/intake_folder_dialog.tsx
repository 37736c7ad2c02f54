// A watched folder or a drop folder: where it is, and what its files get.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeIntakeFolder, createIntakeFolder, deleteIntakeFolder, loadIntakeFolder } from "../../api/sources";
import type { IntakeFolder, IntakeFolderKind } from "../../api/types";
import { Button, Checkbox, TextField } from "../../components/controls";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";
import { FilingFields, filingTerms, type PresetFiling } from "./preset_filing";

interface Shown {
  roots: readonly string[]; // where a folder may lie that is watched
  onClose: () => void;
  onSaved: () => Promise<void>;
}

/** The folder as it is now: others may have changed it since it was listed. */
export function EditIntakeFolder({ id, ...shown }: Shown & { id: number }) {
  const loaded = useLoaded(() => loadIntakeFolder(id));
  if (loaded.data) return <IntakeFolderDialog kind={loaded.data.kind} folder={loaded.data} {...shown} />;
  return <Dialog title={tLater().sources.tab} onClose={shown.onClose}><Content of={loaded}>{() => null}</Content></Dialog>;
}

export function IntakeFolderDialog({ kind, folder, roots, onClose, onSaved }: Shown & { kind: IntakeFolderKind; folder: IntakeFolder | null }) {
  const text = tLater().sources;
  const isWatched = kind === "watch";
  const [name, setName] = useState(folder?.name ?? (isWatched && roots.length === 1 ? `${roots[0]}/` : ""));
  const [enabled, setEnabled] = useState(folder?.enabled ?? true);
  const [filing, setFiling] = useState<PresetFiling>(folder ?? { type: null, correspondent: null, tags: [], class: null, file_folder: null });
  const [ending, setEnding] = useState(false);
  const save = async () => {
    const terms = { enabled, ...filingTerms(filing) };
    if (folder === null) await createIntakeFolder(kind, { ...terms, name });
    else await changeIntakeFolder(folder, name === folder.name ? terms : { ...terms, name });
    await onSaved();
  };
  const end = async (ended: IntakeFolder) => {
    try {
      await deleteIntakeFolder(ended);
      onClose();
    } catch (error) {
      showToast(explain(error));
    }
    await onSaved();
  };
  if (folder && ending) {
    return (
      <ConfirmDialog title={text.endTitle(folder.name)} confirm={text.end[kind]} onClose={() => setEnding(false)} onConfirm={() => void end(folder)}>
        {text.endHelp[kind]}
      </ConfirmDialog>
    );
  }
  return (
    <FormDialog title={folder?.name ?? (isWatched ? text.newWatch : text.newDrop)} wide onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={isWatched ? text.path : tLater().admin.name} name="name" required autoCapitalize="none" error={problem("name")} value={name} onInput={setName}
            hint={isWatched ? text.pathHint(roots.join(", ")) : text.dropHint(`${location.origin}/dav/drop/${encodeURIComponent(name)}`)} />
          <Checkbox label={text.enabled[kind]} checked={enabled} onChange={setEnabled} />
          <h3>{text.filing}</h3>
          <FilingFields filing={filing} set={(change) => setFiling({ ...filing, ...change })} />
          {folder && <div class="button-row"><Button icon="trash" onClick={() => setEnding(true)}>{text.end[kind]}</Button></div>}
        </>
      )}
    </FormDialog>
  );
}
