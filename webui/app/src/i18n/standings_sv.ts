import type { MoreMessages } from "./more_en";

export const standings: MoreMessages["standings"] = {
  allActions: "Alla",
  onlyOverdue: "Bara det som är förbi sista dag",
  proposeAll: (text: string, action: string) => `Föreslå alla ${text} som är fria (${action})…`,
  oneActionAtATime: "En omgång har en enda åtgärd: välj åtgärd för att ta med fler på en gång.",
  count: (n: number, text: string) => `${text} ${n === 1 ? "handling" : "handlingar"}`,
  none: "Det finns ingen",
  declaredOn: "Förklarad",
  deadline: "Ska vara borta efter",
  unscheduledHelp: "Inget fastställs utan gallringsregel; de här har förlorat sin. De bevaras tills de, deras mapp eller deras klass har en igen.",
  notDeclaredHelp: "Lades där det som läggs in också fastställs. Varje dokument prövas igen när det, gallringsregeln eller reglerna för dess fält har ändrats.",
  lastTried: "Senast prövat",
};
