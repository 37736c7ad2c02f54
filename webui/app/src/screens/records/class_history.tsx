// What a class was until it was changed, the newest first, and what each change made different.
import { classVersions } from "../../api/file_plan";
import type { Class, ClassVersion, Schedule } from "../../api/types";
import { EmptyState } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatTime } from "../../i18n/format";
import { changesOf } from "../changes";

export function ClassHistory({ one, schedules, onClose }: { one: Class; schedules: readonly Schedule[]; onClose: () => void }) {
  const versions = useLoaded(() => classVersions(one.id));
  const text = tLater().records;
  return (
    <Dialog title={`${text.versions}: ${one.code}`} onClose={onClose}>
      <Content of={versions}>
        {(all) => (all.length === 0 ? <EmptyState icon="list" title={text.neverChanged} /> : (
          <ul class="plain-list">
            {all.map((version, at) => (
              <li key={version.number}>
                <div class="grow">
                  <strong>{version.code} {version.title}</strong> {version.status === "closed" && <span class="badge">{text.closed}</span>}
                  <Differences before={version} after={all[at - 1] ?? now(one)} schedules={schedules} />
                  <div class="muted small">{formatTime(version.changed_at)}{version.changed_by && ` · ${version.changed_by.name}`}</div>
                </div>
              </li>
            ))}
          </ul>
        ))}
      </Content>
    </Dialog>
  );
}

// The last two are told of versions by services that know them.
type State = Partial<ClassVersion> & Partial<Pick<Class, "parent" | "declares_on_filing">>;

/** The class as it is now, told as its versions are. */
function now(one: Class): State {
  const { code, title, status, scope_note, parent, declares_on_filing } = one;
  return {
    code, title, status, scope_note, access_list: one.access_list.inherited ? null : one.access_list.id, schedule: one.own_schedule ? one.schedule?.id ?? null : null,
    parent, declares_on_filing,
  };
}

function Differences({ before, after, schedules }: { before: State; after: State; schedules: readonly Schedule[] }) {
  const text = tLater().records;
  const names: Record<string, string> = {
    code: text.code, title: text.className, status: text.state, scope_note: text.scopeNote, access_list: tLater().sight.accessList, schedule: text.schedule,
    parent: tLater().plan.parent, declares_on_filing: text.declaring,
  };
  const told = (state: State) => Object.fromEntries(Object.keys(names).filter((name) => name in before && name in after).map((name) => [name, inWords(name, state[name as keyof State], schedules)]));
  return (
    <>
      {changesOf(told(before), told(after)).map(({ name, before: old, after: then }) => (
        <div key={name} class="small">{names[name]}: <del>{old || t().common.none}</del> → <ins>{then || t().common.none}</ins></div>
      ))}
    </>
  );
}

function inWords(name: string, value: unknown, schedules: readonly Schedule[]): string {
  const text = tLater().records;
  if (value === null || value === undefined) return "";
  if (name === "schedule") return schedules.find(({ id }) => id === value)?.code ?? `#${String(value)}`;
  if (name === "access_list" || name === "parent") return `#${String(value)}`;
  if (name === "status") return value === "closed" ? text.closed : tLater().plan.open;
  if (name === "declares_on_filing") return value ? text.declaresOnFiling : text.declaresByHand;
  return String(value);
}
