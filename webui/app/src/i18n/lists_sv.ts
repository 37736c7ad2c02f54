import type { MoreMessages } from "./more_en";

export const lists: MoreMessages["lists"] = {
  title: "Sparade listor",
  save: "Spara listan",
  csv: "Som CSV",
  name: "Namn",
  share: "Visa den för alla; var och en ser vad den får läsa",
  sharedBy: (name: string) => `Delas av ${name}`,
  remove: (name: string) => `Ta bort listan ${name}`,
  change: (name: string) => `Ändra listan ${name}`,
  changed: (name: string) => `Listan ${name} är ändrad`,
  keepChanged: (name: string) => `Spara ${name} som den är nu`,
  find: (facet: string) => `Sök bland ${facet}`,
  open: (name: string) => `Lista: ${name}`,
  follow: (name: string) => `Meddela mig om nya dokument i ${name}`,
  deleted: (name: string) => `Listan ${name} är borttagen`,
  restorePicked: (n: number) => `Återställ ${n}`,
  purgedAfter: (date: string) => `borta för gott efter ${date}`,
  retryAll: "Försök med alla igen",
  retrying: {
    title: "Försöker med alla igen",
    going: (done: string, all: string) => `I kö igen: ${done} av ${all}`,
    done: (n: string) => `${n} läses igen`,
  },
  allStates: "Alla",
  jobsIn: "Läge",
  noJobs: "Det finns inget",
};
