// Ready-made ways to scan: large buttons for who scans, and all that they carry for who makes them.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeProfile, createProfile, deleteProfile, fetchCapabilities, listProfiles, orderProfiles } from "../../api/scans";
import type { ScanPlan, ScanProfile, Scanner } from "../../api/types";
import { Banner, Button, IconButton, Select, TextField } from "../../components/controls";
import { deleteWithUndo } from "../../components/delete_with_undo";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { PlanFields, anyScanner, usualPlan } from "./plan_fields";

export function Profiles({ profiles, scanners, busy, mayChange, onStart, onChanged }: {
  profiles: readonly ScanProfile[];
  scanners: readonly Scanner[];
  busy: boolean;
  mayChange: boolean;
  onStart: (profile: ScanProfile) => void;
  onChanged: () => Promise<void>;
}) {
  const text = tLater().scan;
  const [arranging, setArranging] = useState(false);
  if (profiles.length === 0 && !mayChange) return null;
  const present = (profile: ScanProfile) => profile.scanner === "" || scanners.some(({ name }) => name === profile.scanner);
  return (
    <section aria-labelledby="profiles-title">
      <div class="scan-heading">
        <h2 id="profiles-title">{text.profiles}</h2>
        {mayChange && <Button compact icon={arranging ? "check" : "edit"} onClick={() => setArranging(!arranging)}>{arranging ? text.arranged : text.arrange}</Button>}
      </div>
      {arranging ? <Arranged profiles={profiles} scanners={scanners} onChanged={onChanged} /> : (
        <ul class="scan-profiles">
          {profiles.map((profile) => (
            <li key={profile.id}>
              <button type="button" class="scan-profile" disabled={busy || !present(profile)} onClick={() => onStart(profile)}>
                <Icon name="scan" size={28} /> <span>{profile.name}<small>{present(profile) ? said(profile.plan) : text.scannerAway}</small></span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function said({ source, mode, resolution }: ScanPlan): string {
  const text = tLater().scan;
  return `${text.sources[source]} · ${text.modes[mode]} · ${resolution}`;
}

function Arranged({ profiles, scanners, onChanged }: { profiles: readonly ScanProfile[]; scanners: readonly Scanner[]; onChanged: () => Promise<void> }) {
  const text = tLater().scan;
  const [editing, setEditing] = useState<ScanProfile | "new" | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const attempt = async (work: () => Promise<void>) => {
    setProblem(null);
    await work().catch(setProblem);
    await onChanged();
  };
  const scannerName = (name: string) => {
    const scanner = scanners.find((each) => each.name === name);
    return scanner ? `${scanner.vendor} ${scanner.model}` : name || text.chosenScanner;
  };
  const move = (from: number, by: -1 | 1) => {
    const ids = profiles.map(({ id }) => id);
    const [moved] = ids.splice(from, 1);
    if (moved !== undefined) ids.splice(from + by, 0, moved);
    return attempt(() => orderProfiles(ids));
  };
  const remove = (profile: ScanProfile) => {
    const makeAgain = async () => {
      const id = await createProfile({ name: profile.name, scanner: profile.scanner, button: profile.button, plan: profile.plan });
      const others = (await listProfiles()).map((each) => each.id).filter((other) => other !== id);
      others.splice(profiles.indexOf(profile), 0, id);
      await orderProfiles(others);
    };
    return deleteWithUndo(profile, profile.name, () => deleteProfile(profile), makeAgain, onChanged);
  };
  return (
    <>
      {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
      <ol class="cards">
        {profiles.map((profile, index) => (
          <li key={profile.id} class="card">
            <span class="muted"><Icon name="scan" size={24} /></span>
            <div>
              <div class="name">{profile.name}</div>
              <p class="muted small">{[said(profile.plan), scannerName(profile.scanner), ...(profile.button === "" ? [] : [text.buttonSaid(profile.button, profile.button_account?.name ?? "")])].join(" · ")}</p>
            </div>
            <div class="actions">
              <IconButton icon="up" label={text.earlier(profile.name)} disabled={index === 0} onClick={() => void move(index, -1)} />
              <IconButton icon="down" label={text.later(profile.name)} disabled={index === profiles.length - 1} onClick={() => void move(index, 1)} />
              <Button compact icon="edit" aria-label={`${t().common.edit} ${profile.name}`} onClick={() => setEditing(profile)}>{t().common.edit}</Button>
              <IconButton icon="trash" label={text.removeProfile(profile.name)} onClick={() => void remove(profile)} />
            </div>
          </li>
        ))}
      </ol>
      <p><Button icon="plus" onClick={() => setEditing("new")}>{text.newProfile}</Button></p>
      {editing && <ProfileDialog profile={editing === "new" ? null : editing} scanners={scanners} onClose={() => setEditing(null)} onSaved={onChanged} />}
    </>
  );
}

function ProfileDialog({ profile, scanners, onClose, onSaved }: { profile: ScanProfile | null; scanners: readonly Scanner[]; onClose: () => void; onSaved: () => Promise<void> }) {
  const text = tLater().scan;
  const [name, setName] = useState(profile?.name ?? "");
  const [scanner, setScanner] = useState(profile?.scanner ?? "");
  const [button, setButton] = useState(profile?.button ?? "");
  const [plan, setPlan] = useState<ScanPlan>(profile?.plan ?? usualPlan(anyScanner));
  const save = async () => {
    const terms = { name, scanner, button: scanner === "" ? "" : button, plan };
    if (profile) await changeProfile(profile, terms);
    else await createProfile(terms);
    await onSaved();
  };
  const away = scanner !== "" && !scanners.some((each) => each.name === scanner);
  const choices = [
    { value: "", label: text.chosenScanner },
    ...scanners.map((each) => ({ value: each.name, label: `${each.vendor} ${each.model}` })),
    ...(away ? [{ value: scanner, label: scanner }] : []),
  ];
  return (
    <FormDialog wide title={profile ? text.changeProfile(profile.name) : text.newProfile} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.profileName} name="name" required value={name} error={problem("name")} onInput={setName} />
          <Select label={text.scanner} value={scanner} options={choices} onChange={setScanner} />
          {scanner !== "" && <TextField label={text.button} hint={text.buttonHint} name="button" value={button} error={problem("button")} onInput={setButton} />}
          <Known key={scanner} scanner={away ? "" : scanner} plan={plan} onChange={setPlan} />
        </>
      )}
    </FormDialog>
  );
}

/** The choices of the named scanner; of none, or one that does not answer, those of any. */
function Known({ scanner, plan, onChange }: { scanner: string; plan: ScanPlan; onChange: (plan: ScanPlan) => void }) {
  const loaded = useLoaded(async () => (scanner === "" ? anyScanner : await fetchCapabilities(scanner).catch(() => anyScanner)));
  return <PlanFields scanner={scanner} can={loaded.data ?? anyScanner} plan={plan} onChange={onChange} />;
}
