// What a class was until it was changed, the newest first, and what each change made different.
import { ApiError } from "../../api/client";
import { classVersions, fetchClass, fetchSchedule } from "../../api/file_plan";
import type { Class, ClassVersion } from "../../api/types";
import { EmptyState } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatTime } from "../../i18n/format";
import { changesOf } from "../changes";

export function ClassHistory({ one, onClose }: { one: Class; onClose: () => void }) {
  const loaded = useLoaded(async () => {
    const versions = await classVersions(one.id);
    const states = [...versions, now(one)];
    const [classes, schedules] = await Promise.all([
      codesOf(states.map(({ parent }) => parent), fetchClass), codesOf(states.map(({ schedule }) => schedule), fetchSchedule),
    ]);
    return { versions, codes: { parent: classes, schedule: schedules } };
  });
  const text = tLater().records;
  return (
    <Dialog title={`${text.versions}: ${one.code}`} onClose={onClose}>
      <Content of={loaded}>
        {({ versions: all, codes }) => (all.length === 0 ? <EmptyState icon="list" title={text.neverChanged} /> : (
          <ul class="plain-list">
            {all.map((version, at) => (
              <li key={version.number}>
                <div class="grow">
                  <strong>{version.code} {version.title}</strong> {version.status === "closed" && <span class="badge">{text.closed}</span>}
                  <Differences before={version} after={all[at - 1] ?? now(one)} codes={codes} />
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

type State = Omit<ClassVersion, "number" | "changed_at" | "changed_by">;

/** What the classes above it and its schedules, then and now, are called; those that are there no more are left out. */
type Codes = Record<"parent" | "schedule", ReadonlyMap<number, string>>;

async function codesOf(numbers: readonly (number | null)[], fetch: (id: number) => Promise<{ code: string }>): Promise<Map<number, string>> {
  const codes = await Promise.all([...new Set(numbers)].filter((id) => id !== null).map(async (id): Promise<[number, string] | null> => {
    try {
      return [id, (await fetch(id)).code];
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 404) return null;
      throw error;
    }
  }));
  return new Map(codes.filter((code) => code !== null));
}

/** The class as it is now, told as its versions are. */
function now(one: Class): State {
  const { code, title, status, scope_note, parent, declares_on_filing } = one;
  return {
    code, title, status, scope_note, access_list: one.access_list.inherited ? null : one.access_list.id, schedule: one.own_schedule ? one.schedule?.id ?? null : null,
    parent, declares_on_filing,
  };
}

function Differences({ before, after, codes }: { before: State; after: State; codes: Codes }) {
  const text = tLater().records;
  const names: Record<string, string> = {
    code: text.code, title: text.className, status: text.state, scope_note: text.scopeNote, access_list: tLater().sight.accessList, schedule: text.schedule,
    parent: tLater().plan.parent, declares_on_filing: text.declaring,
  };
  const told = (state: State) => Object.fromEntries(Object.keys(names).map((name) => [name, inWords(name, state[name as keyof State], codes)]));
  return (
    <>
      {changesOf(told(before), told(after)).map(({ name, before: old, after: then }) => (
        <div key={name} class="small">{names[name]}: <del>{old || t().common.none}</del> → <ins>{then || t().common.none}</ins></div>
      ))}
    </>
  );
}

function inWords(name: string, value: unknown, codes: Codes): string {
  const text = tLater().records;
  if (value === null || value === undefined) return "";
  if (name === "schedule" || name === "parent") return codes[name].get(Number(value)) ?? `#${String(value)}`;
  if (name === "access_list") return `#${String(value)}`;
  if (name === "status") return value === "closed" ? text.closed : tLater().plan.open;
  if (name === "declares_on_filing") return value ? text.declaresOnFiling : text.declaresByHand;
  return String(value);
}
