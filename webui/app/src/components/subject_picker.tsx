import { useState } from "preact/hooks";
import { findSubjects } from "../api/admin";
import type { Subject } from "../api/types";
import { t, tLater } from "../i18n";
import { Picker } from "./picker";

/** A person or a group. They have numbers of their own, so that a choice is told by its place in what was found. */
export function SubjectPicker({ id, label, taken, onPick }: { id: string; label: string; taken: ReadonlySet<string>; onPick: (subject: Subject) => void }) {
  const [found, setFound] = useState<readonly Subject[]>([]);
  const find = async (part: string, signal: AbortSignal) => {
    const free = (await findSubjects(part, signal)).filter((one) => !taken.has(`${one.subject}:${one.id}`));
    setFound(free);
    return free.map(({ subject, name }, index) => ({ id: index, name, path: subject === "group" ? tLater().places.asGroup(name) : name }));
  };
  return (
    <Picker id={id} label={label} value="" placeholder={t().panel.choose} find={find}
      onPick={({ id: index }) => { const one = found[index ?? -1]; if (one) onPick(one); }} />
  );
}
