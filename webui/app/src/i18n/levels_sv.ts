import type { MoreMessages } from "./more_en";

export const levels: MoreMessages["levels"] = {
  title: "Informationsklasser",
  help: "Från den lägsta och uppåt. Den som har lägre behörighetsnivå än en åtkomstlistas klass ser ingenting av den, inte heller administratörer.",
  level: "Informationsklass",
  levelHint: "Bara den som har den här behörighetsnivån eller en högre ser det som har listan.",
  clearance: "Behörighetsnivå",
  clearanceHint: "Upp till den här nivån ser kontot vad åtkomstlistorna låter det se. Du kan ge upp till din egen.",
  add: "Ny informationsklass",
  number: "Nummer",
  numberHint: "0 till 1000; ett högre nummer är en högre klass. Det ändras inte.",
  reason: (name: string) => `Listan har informationsklassen ${name}: av dem som nämns kan bara den som har den behörighetsnivån eller en högre se det.`,
};
