// Why a page's text is missing or cut: a line above the page, and with its text.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/call";
import type { PageSummary } from "../../api/types";
import { Icon } from "../../components/icon";
import { tLater } from "../../i18n";
import { translated } from "../../i18n/refusals";

const toldAtOnce = 200; // pages

/** What the server was asked of the document that is open, by the first page of those that it tells of at once. */
let asked = { of: "", parts: new Map<number, Promise<PageSummary[]>>() };

function tellOf(document: number, version: number, page: number): Promise<PageSummary | undefined> {
  const of = `${document}/${version}`;
  if (asked.of !== of) asked = { of, parts: new Map() };
  const { parts } = asked;
  const from = page - ((page - 1) % toldAtOnce);
  let part = parts.get(from);
  if (!part) {
    part = call("get", "/api/v1/documents/{id}/pages", { path: { id: document }, query: { from, limit: toldAtOnce } }).then(({ data }) => data.items);
    part.catch(() => parts.delete(from)); // it is asked again for the next page that comes into sight
    parts.set(from, part);
  }
  return part.then((pages) => pages.find(({ number }) => number === page));
}

export function PageProblem({ document, version, page }: { document: number; version: number; page: number }) {
  const [told, setTold] = useState<PageSummary | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    tellOf(document, version, page).then((found) => { if (!gone) setTold(found); }, () => undefined); // the page is shown all the same
    return () => { gone = true; };
  }, [document, version, page]);
  const words = told?.number === page ? sayProblem(told) : null; // until a new version is told of, the last one's stands
  return words ? <p class="page-problem" title={words}><Icon name="quarantine" size={14} /><span>{words}</span></p> : null;
}

/** In the language of the page; null where nothing is wrong. */
export function sayProblem({ source, problem }: Pick<PageSummary, "source" | "problem">): string | null {
  if (problem === null) return null;
  const said = tLater().quarantine.ofPage;
  const why = translated(problem) ?? problem;
  return source === "none" ? said.missing(why) : said.cut(why);
}
