// What the command menu offers beside what has a key: every screen, the open document's files, how the page looks, the kept lists.
import { t, tLater } from "../i18n";
import { keyMap, liveActions, runAction } from "../keys";
import { navigate } from "../router";
import { adminTabName, adminTabs } from "../screens/admin/tabs";
import { managesRecords, recordsTabs } from "../screens/records/tabs";
import type { SavedView } from "../api/types";
import { openDocument } from "../state/document";
import { theme, type Theme } from "../state/preferences";
import { mayShare } from "../state/session";
import { wishToSignOut } from "../state/signing_out";

export interface Command {
  id: string;
  name: string;
  key?: string; // as the key map says
  run: () => void;
}

/** What can be done at this moment, with these kept lists among it. */
export function commandsNow(lists: readonly SavedView[]): Command[] {
  return [...withKeys(), ...screens(), ...files(), ...looks(), ...lists.map(({ id, name, parameters }) => (
    { id: `list ${id}`, name: tLater().lists.open(name), run: () => navigate(`/?${parameters}`) }))];
}

function withKeys(): Command[] {
  return keyMap.filter(({ action }) => action !== "commands" && liveActions.peek().has(action))
    .map(({ action, keys }) => ({ id: action, name: t().keys.actions[action], ...(keys[0] ? { key: keys[0] } : {}), run: () => runAction(action) }));
}

function screens(): Command[] {
  const text = t().nav;
  const go = (name: string, path: string): Command => ({ id: path, name, run: () => navigate(path) });
  return [
    go(text.notifications, "/notifications"),
    ...(managesRecords() ? recordsTabs().map((tab) => go(`${text.records}: ${tLater().records.tabs[tab]}`, `/records/${tab}`)) : []),
    ...adminTabs().map((tab) => go(`${text.admin}: ${adminTabName(tab)}`, `/admin/${tab}`)),
    go(text.you, "/you"),
    ...(mayShare.value ? [go(text.shared, "/shared")] : []),
  ];
}

function files(): Command[] {
  const open = openDocument.value;
  if (!open) return [];
  const text = t().viewer;
  const take = (name: string, form: string): Command => (
    { id: form, name: `${text.download}: ${name}`, run: () => Object.assign(document.createElement("a"), { href: `/api/v1/documents/${open.id}/${form}`, download: "" }).click() });
  return [
    ...(open.medium === "physical" ? [] : [take(text.original, "original")]),
    ...(open.has_archive ? [take(text.archive, "archive")] : []),
    ...(open.has_text ? [take(text.text, "text")] : []),
  ];
}

function looks(): Command[] {
  const text = t().nav;
  const names: Record<Theme, string> = { system: text.themeSystem, light: text.themeLight, dark: text.themeDark, contrast: text.themeContrast };
  return [
    ...Object.entries(names).map(([value, name]): Command => ({ id: value, name: `${text.theme}: ${name}`, run: () => { theme.value = value as Theme; } })),
    { id: "sign out", name: text.signOut, run: wishToSignOut },
  ];
}
