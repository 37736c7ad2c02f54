// A link to a file that the server makes: printed documents in the language of the page, lists as CSV.
import { language, t } from "../i18n";
import { Icon } from "./icon";

/** All of a list as CSV. `path` may have the list's own filters. */
export function AsCsv({ path }: { path: string }) {
  return <Download path={`${path}${path.includes("?") ? "&" : "?"}format=csv`}>{t().common.asCsv}</Download>;
}

/** What is printed comes in the language of the page. */
export function Download({ path, children }: { path: string; children: string }) {
  const address = path.endsWith(".pdf") ? `${path}?language=${language.value}` : path;
  return <a class="button compact" href={`/api/v1${address}`} download><Icon name="download" size={16} />{children}</a>;
}
