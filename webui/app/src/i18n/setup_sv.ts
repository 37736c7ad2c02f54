import type { MoreMessages } from "./more_en";

export const setup: MoreMessages["setup"] = {
  title: "Kom igång med arkivet",
  lead: "Skapa det första kontot. Det får göra allt, och kan skapa konton åt andra.",
  code: "Engångskod",
  codeHint: "Tjänsten skrev ut den när den startade. Den visar att det är du som sköter datorn.",
  name: "Användarnamn",
  displayName: "Ditt namn",
  password: "Lösenord",
  passwordHint: "Minst 12 tecken. Gärna några ord som du minns.",
  repeat: "Lösenordet igen",
  mismatch: "De två lösenorden är inte lika.",
  submit: "Skapa kontot",
  done: "Arkivet är redan igång.",
  toSignIn: "Till inloggningen",
};
