import type { MoreMessages } from "./more_en";

export const publicTitle: MoreMessages["publicTitle"] = {
  title: "Offentlig titel",
  help: "Den står i stället för titeln i det som bevaras efter gallring, där fler får läsa. Tryck på de ord som ska skärmas, eller skriv en annan.",
  hide: "Ord att skärma",
};
