// What the scan screens say: not in the tables of the first screen, which need not wait for it.
import { language } from "../../i18n";
import { scan as en } from "../../i18n/scan_en";
import { scan as sv } from "../../i18n/scan_sv";

export function words(): typeof en {
  return language.value === "sv" ? sv : en;
}
