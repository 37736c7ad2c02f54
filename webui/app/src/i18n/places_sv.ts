import type { MoreMessages } from "./more_en";

export const places: MoreMessages["places"] = {
  asGroup: (name: string) => `${name} (grupp)`,
  move: "Flytta till en klass eller mapp",
  moved: (n: number, shown: string, place: string) => `${n === 1 ? "1 dokument" : `${shown} dokument`} ligger nu i ${place}`,
  placeMoved: (name: string) => `”${name}” är flyttad`,
  moveClass: "Flytta klassen",
  movePlace: (name: string) => `Flytta ”${name}”`,
  movePlaceShort: "Flytta …",
  moveThere: "Flytta dit",
  theTop: "Planens översta nivå",
  into: "Till klassen",
  byDate: "Efter datum",
  findClass: "Hitta en klass",
  findFolder: "Hitta en mapp",
  moreClasses: "Fler klasser",
  moreFolders: "Fler mappar",
  changed: (title: string) => `”${title}” är ändrat`,
  changedBack: (title: string) => `”${title}” är som det var`,
  changedSince: "Någon har ändrat det sedan dess; det förblir som det är.",
};
