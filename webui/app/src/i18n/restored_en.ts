const s = (n: number, one: string, many: string) => (n === 1 ? one : many);

export const restored = {
  waits: (tokens: number, links: number, stations: number) =>
    `This archive came out of a backup. ${tokens} ${s(tokens, "token", "tokens")}, ${links} share ${s(links, "link", "links")} and ${stations} scan ${s(stations, "station", "stations")} of that time do not work, because some may have been withdrawn since. Look at the accounts too: one that was disabled after the backup is not disabled here.`,
  resume: "Let them work again",
  revoke: "Revoke them all",
  resumed: "They work again",
  revoked: "They are revoked",
};
