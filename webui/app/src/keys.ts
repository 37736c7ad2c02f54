// The keyboard map: one table drives the handler and the list that `?` shows. A screen binds functions to the names
// of the actions it offers; a key whose action nobody offers does nothing and is left to the browser. A key of the inbox
// may mean something else beside an open document: what is offered decides.
import { signal } from "@preact/signals";
import { singleKeys } from "./state/preferences";
import type { Messages } from "./i18n/en";

export type Action = keyof Messages["keys"]["actions"];
export type KeyGroup = keyof Messages["keys"]["groups"];

export interface Key {
  keys: readonly string[]; // as KeyboardEvent.key says; "g d" is two presses in a row, "Mod+k" Ctrl or ⌘ with k
  action: Action;
  group: KeyGroup;
}

export const keyMap: readonly Key[] = [
  { keys: ["/"], action: "search", group: "anywhere" },
  { keys: ["Mod+k"], action: "commands", group: "anywhere" },
  { keys: ["u"], action: "upload", group: "anywhere" },
  { keys: ["z"], action: "undo", group: "anywhere" },
  { keys: ["g d", "g s"], action: "goDocuments", group: "anywhere" },
  { keys: ["g i"], action: "goInbox", group: "anywhere" },
  { keys: ["g c"], action: "goScan", group: "anywhere" },
  { keys: ["g f"], action: "goFolders", group: "anywhere" },
  { keys: ["g r"], action: "goRecords", group: "anywhere" },
  { keys: ["g a"], action: "goActivity", group: "anywhere" },
  { keys: ["g q"], action: "goQuarantine", group: "anywhere" },
  { keys: ["g t"], action: "goTrash", group: "anywhere" },
  { keys: ["g m"], action: "goAdmin", group: "anywhere" },
  { keys: ["?"], action: "help", group: "anywhere" },
  { keys: ["j", "ArrowDown"], action: "nextRow", group: "list" },
  { keys: ["k", "ArrowUp"], action: "previousRow", group: "list" },
  { keys: ["Enter", "o"], action: "open", group: "list" },
  { keys: ["x"], action: "select", group: "list" },
  { keys: ["J"], action: "selectDown", group: "list" },
  { keys: ["K"], action: "selectUp", group: "list" },
  { keys: ["* a"], action: "selectAll", group: "list" },
  { keys: ["* n"], action: "selectNone", group: "list" },
  { keys: ["f"], action: "filters", group: "list" },
  { keys: ["s"], action: "find", group: "document" },
  { keys: ["n"], action: "nextHit", group: "document" },
  { keys: ["p"], action: "previousHit", group: "document" },
  { keys: ["]", "PageDown"], action: "nextPage", group: "document" },
  { keys: ["[", "PageUp"], action: "previousPage", group: "document" },
  { keys: ["."], action: "nextDoubtful", group: "document" },
  { keys: [","], action: "previousDoubtful", group: "document" },
  { keys: ["w"], action: "doubtful", group: "document" },
  { keys: ["+", "="], action: "zoomIn", group: "document" },
  { keys: ["-"], action: "zoomOut", group: "document" },
  { keys: ["0"], action: "fit", group: "document" },
  { keys: ["r"], action: "rotate", group: "document" },
  { keys: ["i"], action: "info", group: "document" },
  { keys: ["e"], action: "editTitle", group: "document" },
  { keys: ["t"], action: "editTags", group: "document" },
  { keys: ["c"], action: "editCorrespondent", group: "document" },
  { keys: ["y"], action: "editType", group: "document" },
  { keys: ["d"], action: "editDate", group: "document" },
  { keys: ["a"], action: "acceptSuggestions", group: "document" },
  { keys: ["l"], action: "linkToPage", group: "document" },
  { keys: ["P"], action: "print", group: "document" },
  { keys: ["m"], action: "move", group: "document" },
  { keys: ["h"], action: "hold", group: "document" },
  { keys: ["#", "Delete"], action: "trash", group: "document" },
  { keys: ["Escape"], action: "close", group: "document" },
  { keys: ["Mod+s"], action: "saved", group: "document" },
  { keys: ["e", "Mod+enter"], action: "fileNext", group: "inbox" },
  { keys: ["s"], action: "skip", group: "inbox" },
];

type Handler = (event: KeyboardEvent) => void;
const handlers = new Map<Action, Handler[]>();

/** Which actions somebody offers now; the `?` dialog shows just these. */
export const liveActions = signal<ReadonlySet<Action>>(new Set());

/** Offers actions until the returned function is called. The last who offers an action gets it. To be called in a layout
 *  effect, so that a key pressed right after a drawing meets what that drawing offers. */
export function bindKeys(offered: Partial<Record<Action, Handler>>): () => void {
  const entries = Object.entries(offered) as [Action, Handler][];
  for (const [action, handler] of entries) handlers.set(action, [...(handlers.get(action) ?? []), handler]);
  announce();
  return () => {
    for (const [action, handler] of entries) {
      handlers.set(action, (handlers.get(action) ?? []).filter((other) => other !== handler));
    }
    announce();
  };
}

function announce(): void {
  liveActions.value = new Set([...handlers].filter(([, offered]) => offered.length > 0).map(([action]) => action));
}

let prefix = "";
let prefixTime = 0;

/** The text of a key press in the map's notation. */
export function keyText(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  if (event.altKey) return "";
  if (event.ctrlKey || event.metaKey) return `Mod+${event.key.toLowerCase()}`;
  return event.key;
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "file"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

const scrolling = ["ArrowDown", "PageDown", "ArrowUp", "PageUp"];

/** Whether a key is one of a widget's own while the widget has the focus (Enter on a button, arrows in a menu or where they scroll). */
function belongsToWidget(text: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const region = scrolling.includes(text) && target.closest(".pages,.panel-body,.thumbs,.filters");
  if (region && (region.id === "filters" || region.scrollHeight > region.clientHeight + 1)) return true;
  if (target.closest("[role=menu],[role=tablist],[popover]")) return ["Enter", "Escape", "ArrowUp", "ArrowDown"].includes(text);
  if (text === "Enter") return target.matches("a[href]:not([aria-current=true]),button,input,summary"); // the open row's link would lead nowhere
  return false;
}

function find(text: string, time: number): Key | undefined {
  const sequence = prefix && time - prefixTime < 1500 ? `${prefix} ${text}` : text;
  prefix = keyMap.some((entry) => entry.keys.some((key) => key.startsWith(`${text} `))) ? text : "";
  prefixTime = time;
  const meant = keyMap.filter((entry) => entry.keys.includes(sequence));
  return meant.find((entry) => (handlers.get(entry.action)?.length ?? 0) > 0) ?? meant[0];
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const text = keyText(event);
  const withModifier = text.startsWith("Mod+");
  if (!text || (!withModifier && typing(event.target))) return;
  if (document.querySelector("dialog[open]") || belongsToWidget(text, event.target)) return;
  const entry = find(text, event.timeStamp);
  if (!entry) return;
  const isLetter = !withModifier && text.length === 1;
  if (isLetter && !singleKeys.value) return;
  const handler = handlers.get(entry.action)?.at(-1);
  if (!handler) return;
  event.preventDefault();
  handler(event);
}

export function startKeys(): void {
  document.addEventListener("keydown", onKeyDown);
}

/** Does what the action's key would do. */
export function runAction(action: Action): void {
  handlers.get(action)?.at(-1)?.(new KeyboardEvent("keydown"));
}
