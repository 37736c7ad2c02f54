// docs/keyboard.md, written from the table that drives the keys. keys.test.ts sees that the two agree.
import { keyMap, type KeyGroup } from "../src/keys";
import { en } from "../src/i18n/en";

function cell(key: string): string {
  return `\`${key.replace("Mod+", "Ctrl/⌘-").replace("|", "\\|")}\``;
}

export function keyboardDocument(): string {
  const groups: KeyGroup[] = ["anywhere", "list", "document", "inbox"];
  const tables = groups.map((group) => [
    `## ${en.keys.groups[group]}`, "", "| key | does |", "| --- | --- |",
    ...keyMap.filter((entry) => entry.group === group).map((entry) => `| ${entry.keys.map(cell).join(" ")} | ${en.keys.actions[entry.action]} |`),
  ].join("\n"));
  return `# The keyboard

\`?\` shows the keys that do something on the screen one is on, \`Ctrl/⌘-K\` finds them by name. A key of two letters is pressed
one after the other. Keys that are single letters are off while one types, and can be switched off altogether in the list that \`?\` shows.

${tables.join("\n\n")}
`;
}
