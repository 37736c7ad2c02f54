import type { MoreMessages } from "./more_en";

export const photos: MoreMessages["photos"] = {
  title: "Med den här enhetens kamera",
  take: "Fotografera en sida",
  another: "Fotografera nästa sida",
  choose: "Välj fotografier",
  pages: "Fotograferade sidor",
  page: (n: number, name: string) => `Sida ${n}: ${name}`,
  remove: (n: number) => `Utelämna sida ${n}`,
  leftOut: (name: string) => `Fotografiet ${name} är utelämnat.`,
  file: (n: number) => (n === 1 ? "Arkivera 1 sida som dokument" : `Arkivera ${n} sidor som ett dokument`),
  filed: (n: number) => (n === 1 ? "1 sida arkiveras. Nästa dokument kan börja." : `${n} sidor arkiveras som ett dokument. Nästa kan börja.`),
  notJpeg: (n: number) => (n === 1 ? "1 fil är inget JPEG-fotografi och utelämnades." : `${n} filer är inga JPEG-fotografier och utelämnades.`),
};
