// Who can see a document, and where that is said. For those who manage access.
import { useState } from "preact/hooks";
import { accessList, listGroups } from "../../api/admin";
import { fetchClass, fetchFolder } from "../../api/file_plan";
import type { AccessEntry, Document, Group } from "../../api/types";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { mayManageAccounts } from "../../state/session";

export function WhoSees({ document }: { document: Document }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="who-sees" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{tLater().sight.title}</summary>
      {open && <Answer document={document} />}
    </details>
  );
}

function Answer({ document }: { document: Document }) {
  const loaded = useLoaded(async () => {
    const [list, groups, reason] = await Promise.all([accessList(document.access_list.id), mayManageAccounts.value ? listGroups() : [], reasonOf(document)]);
    return { list, groups, reason };
  });
  return (
    <Content of={loaded}>
      {({ list, groups, reason }) => (
        <>
          <p>{reason} {tLater().sight.list(list.name)}</p>
          <ul>
            {list.entries.map((entry) => (
              <li key={`${entry.subject} ${entry.id ?? ""}`}>
                {nameOf(entry)} ({entry.may_change ? t().admin.mayChange : t().admin.mayRead}){membersOf(entry, groups)}
              </li>
            ))}
          </ul>
          <p class="muted small">{tLater().sight.nobodyElse}</p>
        </>
      )}
    </Content>
  );
}

function nameOf({ subject, id, name }: AccessEntry): string {
  return subject === "everyone" ? t().admin.everyone : name ?? `#${id ?? ""}`;
}

function membersOf(entry: AccessEntry, groups: readonly Group[]): string {
  if (entry.subject !== "group") return "";
  const members = groups.find((group) => group.id === entry.id)?.members;
  if (!members) return ""; // who is in a group is the business of those who manage accounts
  return `: ${members.length > 0 ? members.map((member) => member.name).join(", ") : tLater().sight.emptyGroup}`;
}

/** The nearest place up the line that has a list of its own, in words. */
async function reasonOf(document: Document): Promise<string> {
  const text = tLater().sight;
  if (!document.access_list.inherited) return text.own;
  if (document.folder) {
    const folder = await fetchFolder(document.folder.id);
    if (!folder.access_list.inherited) return text.ofFolder(folder.title);
  }
  let next = document.class?.id ?? null;
  while (next !== null) {
    const above = await fetchClass(next);
    if (!above.access_list.inherited) return text.ofClass(`${above.code} ${above.title}`);
    next = above.parent;
  }
  return text.ofAll;
}
