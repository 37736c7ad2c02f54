// What follows the page once it is drawn, and is not waited for.
import { keepFocus } from "./kept_focus";
import { followTitle } from "./page_title";

export function followPage(): void {
  keepFocus();
  followTitle();
}
