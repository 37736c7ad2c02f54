import type { restored as english } from "./restored_en";

export const restored: typeof english = {
  waits: (accounts: number, tokens: number, links: number, stations: number) =>
    `Arkivet kommer ur en säkerhetskopia. ${accounts} ${accounts === 1 ? "konto" : "konton"}, ${tokens} ${tokens === 1 ? "nyckel" : "nycklar"}, ${links} ${links === 1 ? "delningslänk" : "delningslänkar"} och ${stations} ${stations === 1 ? "skanningsplats" : "skanningsplatser"} från den tiden fungerar inte, eftersom några kan ha dragits in sedan dess. Administratörernas konton fungerar: se efter om något av dem stängdes av efter kopian. Andra konton kan släppas in ett och ett nedan.`,
  resume: "Låt dem fungera igen",
  revoke: "Dra in alla",
  resumed: "De fungerar igen",
  revoked: "De är indragna",
  suspended: "Väntar sedan återställningen",
};
