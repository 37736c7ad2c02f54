// A link to a file that the server makes: printed documents in the language of the page, lists as CSV.
import { language } from "../i18n";
import { Icon } from "./icon";

export function Download({ path, children }: { path: string; children: string }) {
  const joint = path.includes("?") ? "&" : "?";
  return <a class="button compact" href={`/api/v1${path}${joint}language=${language.value}`} download><Icon name="download" size={16} />{children}</a>;
}
