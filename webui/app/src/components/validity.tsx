// For how long a right is had: in words, and to be set.
import { useState } from "preact/hooks";
import type { Membership, Validity } from "../api/types";
import { tLater } from "../i18n";
import { formatDate } from "../i18n/format";
import { Button, TextField } from "./controls";

/** Such as "until 31 January 2027"; empty where nothing is limited. */
export function validityWords({ first_day, last_day, state }: Validity): string {
  const text = tLater().admin;
  if (state === "ended" && last_day) return first_day ? text.endedFrom(formatDate(first_day), formatDate(last_day)) : text.ended(formatDate(last_day));
  if (first_day && last_day) return text.fromUntil(formatDate(first_day), formatDate(last_day));
  if (first_day) return text.from(formatDate(first_day));
  return last_day ? text.until(formatDate(last_day)) : "";
}

/** With the time for which somebody is a member, where that is limited. */
export function memberWords(member: Membership): string {
  const limited = validityWords(member);
  return limited ? `${member.name} (${limited})` : member.name;
}

/** `of` names whose right it is. */
export function ValidityFields({ of, value, onChange }: { of: string; value: Validity; onChange: (value: Validity) => void }) {
  const [open, setOpen] = useState(Boolean(value.first_day ?? value.last_day));
  const text = tLater().admin;
  if (!open) return <div><Button compact icon="clock" aria-label={`${text.limit}: ${of}`} onClick={() => setOpen(true)}>{text.limit}</Button></div>;
  const { first_day = null, last_day = null } = value;
  return (
    <div class="button-row" role="group" aria-label={`${text.limit}: ${of}`}>
      <TextField label={text.firstDay} type="date" value={first_day ?? ""} onInput={(day) => onChange({ first_day: day || null, last_day })} />
      <TextField label={text.lastDay} type="date" value={last_day ?? ""} onInput={(day) => onChange({ first_day, last_day: day || null })} />
    </div>
  );
}
