// The texts of the Mail screen, which come with it and not with the first screen.
import { language } from "./index";
import { mail as english } from "./mail_en";
import { mail as swedish } from "./mail_sv";

export function mailText(): typeof english {
  return language.value === "sv" ? swedish : english;
}
