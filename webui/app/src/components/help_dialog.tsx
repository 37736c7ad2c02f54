import { useMemo } from "preact/hooks";
import { t, tLater } from "../i18n";
import { keyMap, liveActions, type KeyGroup } from "../keys";
import { singleKeys } from "../state/preferences";
import { Checkbox } from "./controls";
import { Dialog } from "./dialog";

const names: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", PageDown: "PgDn", PageUp: "PgUp", Escape: "Esc", Delete: "Del" };

export function keyLabel(key: string): string {
  return key.split(" ").map((part) => {
    const mac = /Mac|iPhone|iPad/.test(navigator.platform);
    if (part.startsWith("Mod+")) return `${mac ? "⌘" : "Ctrl"}-${part.slice(4).toUpperCase()}`;
    return names[part] ?? part;
  }).join(" ");
}

/** The keys that do something on this screen, from the same table that drives them. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const live = useMemo(() => liveActions.peek(), []);
  const groups: KeyGroup[] = ["anywhere", "list", "document", "inbox"];
  const text = tLater().help;
  return (
    <Dialog title={text.title} onClose={onClose} wide>
      <div class="key-groups">
        {groups.map((group) => {
          const keys = keyMap.filter((entry) => entry.group === group && live.has(entry.action));
          return keys.length > 0 && (
            <section key={group}>
              <h3>{t().keys.groups[group]}</h3>
              <dl class="key-list">
                {keys.map((entry) => (
                  <div key={entry.action}>
                    <dt>{entry.keys.map((key, index) => <>{index > 0 && " "}<kbd key={key}>{keyLabel(key)}</kbd></>)}</dt>
                    <dd>{t().keys.actions[entry.action]}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        <section>
          <h3>{text.queryTitle}</h3>
          <dl class="key-list">
            {text.query.map(([query, meaning]) => <div key={query}><dt><code>{query}</code></dt><dd>{meaning}</dd></div>)}
          </dl>
        </section>
      </div>
      <div>
        <Checkbox label={text.singleKeys} checked={singleKeys.value} onChange={(checked) => { singleKeys.value = checked; }} />
        <p class="muted small">{text.singleKeysHint}</p>
      </div>
    </Dialog>
  );
}
