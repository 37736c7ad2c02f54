import type { restored as english } from "./restored_en";

export const restored: typeof english = {
  waits: (tokens: number, links: number) =>
    `Arkivet kommer ur en säkerhetskopia. ${tokens} ${tokens === 1 ? "nyckel" : "nycklar"} och ${links} ${links === 1 ? "delningslänk" : "delningslänkar"} från den tiden fungerar inte, eftersom några kan ha dragits in sedan dess. Se över kontona också: ett som stängdes av efter kopian är inte avstängt här.`,
  resume: "Låt dem fungera igen",
  revoke: "Dra in alla",
  resumed: "De fungerar igen",
  revoked: "De är indragna",
};
