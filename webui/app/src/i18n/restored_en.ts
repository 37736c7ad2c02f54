const s = (n: number, one: string, many: string) => (n === 1 ? one : many);

export const restored = {
  waits: (accounts: number, tokens: number, links: number, stations: number) =>
    `This archive came out of a backup. ${accounts} ${s(accounts, "account", "accounts")}, ${tokens} ${s(tokens, "token", "tokens")}, ${links} share ${s(links, "link", "links")} and ${stations} scan ${s(stations, "station", "stations")} of that time do not work, because some may have been withdrawn since. Of accounts, those of administrators work: look whether one of them was disabled after the backup. Others can be enabled one by one below.`,
  resume: "Let them work again",
  revoke: "Revoke them all",
  resumed: "They work again",
  revoked: "They are revoked",
  suspended: "Waits since the restore",
};
