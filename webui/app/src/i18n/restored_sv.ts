import type { restored as english } from "./restored_en";

export const restored: typeof english = {
  waits: (tokens: number, links: number, stations: number) =>
    `Arkivet kommer ur en säkerhetskopia. ${tokens} ${tokens === 1 ? "nyckel" : "nycklar"}, ${links} ${links === 1 ? "delningslänk" : "delningslänkar"} och ${stations} ${stations === 1 ? "skanningsplats" : "skanningsplatser"} från den tiden fungerar inte, eftersom några kan ha dragits in sedan dess. Se över kontona också: ett som stängdes av efter kopian är inte avstängt här.`,
  resume: "Låt dem fungera igen",
  revoke: "Dra in alla",
  resumed: "De fungerar igen",
  revoked: "De är indragna",
};
