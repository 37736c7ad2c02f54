// One document of the inbox: its page, and beside it the form that files it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { listCustomFields } from "../../api/custom_fields";
import { fetchDocument } from "../../api/documents";
import { fetchFields, fetchSuggestions } from "../../api/filing";
import type { CustomField, CustomValue, Document, FilingSuggestion, FoundField } from "../../api/types";
import { Conflict } from "../../components/conflict";
import { Button } from "../../components/controls";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { bindKeys } from "../../keys";
import { queue, showWaiting, skip } from "../../state/inbox";
import { drafts, forgetDraft, keepDraft } from "../../state/inbox_drafts";
import { foundOffers, type PlacedField } from "../found_values";
import { SamePaper } from "../panel/same_paper";
import { carriedOver, draftFor, draftOf, offers, ownFields, taken, type Draft } from "./draft";
import { FoundOnPages } from "./found_on_pages";
import { Form } from "./form";
import { pageImage, PagePicture } from "./page_picture";
import { usePointing } from "./pointing";
import { nextAfter } from "./queue";
import { useSaving } from "./saving";

interface Paper {
  document: Document;
  suggestions: FilingSuggestion[];
  found: FoundField[];
  ownFields: CustomField[];
}

async function open(id: number): Promise<Paper> {
  const [{ data: document }, suggestions, found, ownFields] = await Promise.all([fetchDocument(id), fetchSuggestions(id), fetchFields(id), listCustomFields()]);
  return { document, suggestions, found, ownFields };
}

/** Of one document: to be keyed by it. */
export function Work({ id }: { id: number }) {
  const paper = useLoaded(() => open(id));
  const title = useRef<HTMLHeadingElement>(null);
  const ready = paper.data !== null;
  useLayoutEffect(() => bindKeys({ skip: () => void skip(id) }), []); // also while it is loading, or cannot be
  useEffect(() => {
    if (!ready) return;
    if (leftWithoutFocus()) title.current?.focus();
    const next = nextAfter(queue.peek(), id);
    if (next && next.page_count > 0) new Image().src = pageImage(next, 1); // it is there when it is wanted
  }, [ready]);
  return (
    <section class="inbox-work" aria-labelledby="inbox-title">
      <header>
        <span class="to-list"><Button compact icon="left" onClick={() => showWaiting(null)}>{tLater().inbox.toList}</Button></span>
        <h2 id="inbox-title" ref={title} tabIndex={-1}>{paper.data?.document.title}</h2>
        <a href={`/?doc=${id}`}>{tLater().inbox.everything}</a>
      </header>
      <Content of={paper}>
        {(data) => <Filing key={data.document.version} paper={data} reload={paper.reload} leaveField={() => title.current?.focus()} />}
      </Content>
      {!ready && paper.error !== null && <div><Button aria-keyshortcuts="s" onClick={() => void skip(id)}>{tLater().inbox.skip}</Button></div>}
    </section>
  );
}

/** What had the focus went with the document before. */
function leftWithoutFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** The draft as it is drawn, and as it is this moment: keys may follow each other faster than the form is drawn anew. One
 *  that was begun before is gone on with; `overtaken` while somebody else has changed the document since. */
function useDraft({ document, suggestions }: Paper) {
  const [begun] = useState(() => drafts.peek().get(document.id));
  const [draft, setDraft] = useState(() => (begun ? carriedOver(begun.before, begun.draft, draftOf(document)) : draftFor(document, suggestions)));
  const [overtaken, setOvertaken] = useState(begun !== undefined && begun.version !== document.version);
  const seen = useRef(begun?.version ?? document.version); // until it is settled which to keep, a reload asks again
  const latest = useRef(draft);
  const show = (changed: Draft) => {
    latest.current = changed;
    setDraft(changed);
  };
  const become = (changed: Draft) => {
    show(changed);
    keepDraft(document, changed, seen.current);
  };
  const settle = (keeps: boolean) => {
    setOvertaken(false);
    seen.current = document.version;
    if (keeps) return keepDraft(document, latest.current);
    forgetDraft(document.id);
    show(draftFor(document, suggestions));
  };
  const edit = (change: Partial<Draft>) => become({ ...latest.current, ...change });
  const take = (suggestion: FilingSuggestion) => become(taken(latest.current, suggestion));
  const fill = ({ key }: CustomValue, value: string, shown = value) => edit({ fields: { ...latest.current.fields, [key]: { value, shown } } });
  return { draft, latest, edit, take, fill, overtaken, settle };
}

/** Of one version of a document: to be keyed by it. */
function Filing({ paper, reload, leaveField }: { paper: Paper; reload: () => Promise<void>; leaveField: () => void }) {
  const base = paper.document;
  const { draft, latest, edit, take, fill, overtaken, settle } = useDraft(paper);
  const [declined, setDeclined] = useState<readonly FilingSuggestion[]>([]);
  const [unwanted, setUnwanted] = useState<readonly string[]>([]); // fields for which what was found is turned down
  const { pointed, pointAt, outline } = usePointing(base.id);
  const form = useRef<HTMLDivElement>(null);
  const open = offers(draft, paper.suggestions.filter((suggestion) => !declined.includes(suggestion)));
  const offersFor = (written: Draft) => foundOffers(ownFields(paper.ownFields, base, written), paper.found).filter(({ field }) => !unwanted.includes(field.key));
  const point = ({ page, box: [x, y, width, height] }: PlacedField) => outline({ page, boxes: [{ x, y, width, height }] });

  const focusOn = (name: string) => form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
  const { problem, save, keepMine, takeTheirs, discard } = useSaving(base, latest, reload, (missing) => focusOn(missing === "title" ? "title" : "class"));
  const fileNext = () => {
    if (overtaken) form.current?.querySelector<HTMLElement>(".conflict button")?.focus(); // that comes first
    else void save();
  };

  useLayoutEffect(() => bindKeys({
    fileNext,
    trash: () => void discard(),
    acceptSuggestions: () => {
      open.forEach(take);
      offersFor(latest.current).forEach(({ field, found }) => fill(field, found.value)); // of a type that was taken just now, too
    },
    editTags: () => focusOn("tags"),
    editCorrespondent: () => focusOn("correspondent"),
    editType: () => focusOn("type"),
    editDate: () => focusOn("date"),
  }), [draft, declined, unwanted, overtaken]);

  const text = tLater().inbox;
  return (
    <div class="inbox-panes">
      <PagePicture document={base} pointed={pointed} />
      <div ref={form} class="inbox-form" role="group" aria-label={text.form}
        onKeyDown={(event) => { if (event.key === "Escape" && !event.defaultPrevented) { event.preventDefault(); leaveField(); } }}>
        <SamePaper document={base} discard={discard} />
        {overtaken && <Conflict keepMine={async () => settle(true)} takeTheirs={async () => settle(false)} />}
        <Form document={base} draft={draft} edit={edit} take={take} suggestions={paper.suggestions} offers={open} pointAt={pointAt} point={point}
          ownFields={paper.ownFields} found={paper.found} foundOffers={offersFor(draft)} fill={fill} declineFound={({ key }) => setUnwanted([...unwanted, key])}
          decline={(suggestion) => setDeclined([...declined, suggestion])} missing={problem?.kind === "title" || problem?.kind === "place" ? problem.kind : null} />
        {problem?.kind === "failed" && <div class="error" role="alert">{problem.reason}</div>}
        {problem?.kind === "stale" && <Conflict keepMine={keepMine} takeTheirs={takeTheirs} />}
        <div class="actions">
          <Button kind="primary" icon="check" aria-keyshortcuts="e" onClick={fileNext}>{text.fileNext}</Button>
          <Button aria-keyshortcuts="s" onClick={() => void skip(base.id)}>{text.skip}</Button>
        </div>
        <p class="muted small">{text.hint}</p>
        <FoundOnPages found={paper.found} point={point} />
      </div>
    </div>
  );
}
