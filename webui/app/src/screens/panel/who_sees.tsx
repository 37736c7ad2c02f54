// Who can see a document, and where that is said. For those who manage access.
import { useState } from "preact/hooks";
import { accessList, fetchGroup } from "../../api/admin";
import { fetchClass, fetchFolder } from "../../api/file_plan";
import type { AccessEntry, Document, Group } from "../../api/types";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { memberWords, validityWords } from "../../components/validity";
import { tLater } from "../../i18n";
import { mayManageAccounts } from "../../state/session";

/** What an access list holds for: a document, a folder or a class. */
export interface Seen {
  own: string; // how it is said that the list is its own
  access_list: Document["access_list"];
  folder: number | null;
  class: number | null; // it, or the one it stands in
}

export function WhoSees({ document }: { document: Document }) {
  return <WhoSeesThis version={document.version} seen={{ own: tLater().sight.own, access_list: document.access_list, folder: document.folder?.id ?? null, class: document.class?.id ?? null }} />;
}

/** To be keyed by what it is about; another `version` of that is asked about anew. */
export function WhoSeesThis({ version = 0, seen }: { version?: number | string; seen: Seen }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="who-sees" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{tLater().sight.title}</summary>
      {open && <WhoSeesAnswer key={version} seen={seen} />}
    </details>
  );
}

export function WhoSeesAnswer({ seen }: { seen: Seen }) {
  const loaded = useLoaded(async () => {
    const [list, reason] = await Promise.all([accessList(seen.access_list.id), reasonOf(seen)]);
    const named = list.entries.flatMap(({ subject, id }) => (subject === "group" && id ? [id] : []));
    const groups = mayManageAccounts.value ? await Promise.all(named.map(fetchGroup)) : [];
    return { list, groups, reason };
  });
  return (
    <Content of={loaded}>
      {({ list, groups, reason }) => (
        <>
          <p>{reason} {tLater().sight.list(list.name)}</p>
          {list.level.number > 0 && <p>{tLater().levels.reason(list.level.name)}</p>}
          <Entries entries={list.entries.filter(isInForce)} groups={groups} />
          {!list.entries.every(isInForce) && (
            <>
              <p>{tLater().sight.notNow}</p>
              <Entries entries={list.entries.filter((entry) => !isInForce(entry))} groups={groups} />
            </>
          )}
          <p class="muted small">{tLater().sight.nobodyElse}</p>
        </>
      )}
    </Content>
  );
}

function isInForce({ state }: AccessEntry): boolean {
  return state === "in_force";
}

function Entries({ entries, groups }: { entries: readonly AccessEntry[]; groups: readonly Group[] }) {
  const rights = (entry: AccessEntry) => [entry.may_change ? tLater().admin.mayChange : tLater().admin.mayRead, validityWords(entry)].filter(Boolean).join(", ");
  return (
    <ul>
      {entries.map((entry) => (
        <li key={`${entry.subject} ${entry.id ?? ""}`}>{nameOf(entry)} ({rights(entry)}){membersOf(entry, groups)}</li>
      ))}
    </ul>
  );
}

function nameOf({ subject, id, name }: AccessEntry): string {
  return subject === "everyone" ? tLater().admin.everyone : name ?? `#${id ?? ""}`;
}

function membersOf(entry: AccessEntry, groups: readonly Group[]): string {
  if (entry.subject !== "group") return "";
  const members = groups.find((group) => group.id === entry.id)?.members;
  if (!members) return ""; // who is in a group is the business of those who manage accounts
  return `: ${members.length > 0 ? members.map(memberWords).join(", ") : tLater().sight.emptyGroup}`;
}

/** The nearest place up the line that has a list of its own, in words. */
async function reasonOf(seen: Seen): Promise<string> {
  const text = tLater().sight;
  if (!seen.access_list.inherited) return seen.own;
  if (seen.folder !== null) {
    const folder = await fetchFolder(seen.folder);
    if (!folder.access_list.inherited) return text.ofFolder(folder.title);
  }
  let next = seen.class;
  while (next !== null) {
    const above = await fetchClass(next);
    if (!above.access_list.inherited) return text.ofClass(`${above.code} ${above.title}`);
    next = above.parent;
  }
  return text.ofAll;
}
