// Pages put together anew: in other orders, turned, left out, in other documents. Address: /organise?doc=ID&doc=ID...
import { useEffect, useState } from "preact/hooks";
import { explain } from "../api/client";
import { fetchDocument, findDocuments } from "../api/documents";
import { assemblePages, undoAssembly, type ChosenPage } from "../api/pages";
import { Banner, Button, Field, IconButton } from "../components/controls";
import { Picker } from "../components/picker";
import { PrintSheets } from "../components/print_sheets";
import { Screen } from "../components/screen";
import { movedTo, Tiles, turnedOn } from "../components/tiles";
import { t, tLater } from "../i18n";
import { location, navigate } from "../router";
import { showToast } from "../state/toasts";
import { collated } from "./collation";

interface Tile extends ChosenPage {
  starts: boolean; // a new document begins here; the first tile always does
}

export function OrganiserScreen() {
  const text = tLater().organiser;
  const [steps, setSteps] = useState<readonly (readonly Tile[])[]>([[]]); // the last one is shown; the others can be gone back to
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const tiles = steps.at(-1) ?? [];
  const change = (next: readonly Tile[]) => setSteps([...steps, next]);

  const [titles, setTitles] = useState<ReadonlyMap<number, string>>(new Map());

  const add = async (ids: readonly number[], starts: boolean) => {
    const wanted = ids.filter((id, at) => Number.isInteger(id) && id > 0 && ids.indexOf(id) === at && !tiles.some((tile) => tile.document === id));
    if (wanted.length === 0) return;
    try {
      const documents = await Promise.all(wanted.map(async (id) => (await fetchDocument(id)).data));
      const added = documents.flatMap(({ id, page_count: pages }, at) => Array.from({ length: pages }, (_, index): Tile => (
        { document: id, page: index + 1, turn: 0, starts: starts && index === 0 && tiles.length + at > 0 })));
      setTitles(new Map([...titles, ...documents.map(({ id, title }) => [id, title] as const)]));
      change([...tiles, ...added]);
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
  };
  useEffect(() => { void add(location.value.query.getAll("doc").map(Number), false); }, []); // what comes together becomes one

  const save = async () => {
    setBusy(true);
    try {
      const { documents: made, left_out_numbers: leftOut } = await assemblePages(documentsOf(tiles));
      const numbers = leftOut.map(({ number }) => number).join(", ");
      showToast([text.made(made.length), ...(numbers === "" ? [] : [text.leftOut(numbers)])].join(" "), () => unmake(made));
      navigate(`/?doc=${made[0]}`);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  const interleave = () => {
    const order = collated(tiles);
    if (order) change(order);
    else showToast(text.moreBacks);
  };

  const sources = [...new Set(tiles.map((tile) => tile.document))];
  return (
    <Screen title={text.title} lead={text.lead}>
      {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
      <div class="organiser-bar">
        <AddDocument onAdd={(id) => void add([id], true)} />
        {sources.length === 2 && <Button onClick={interleave}>{text.collate}</Button>}
        <Button icon="restore" disabled={steps.length < 3} onClick={() => setSteps(steps.slice(0, -1))}>{text.back}</Button>
        <Button kind="primary" disabled={busy || tiles.length === 0} onClick={() => void save()}>{text.save(documentsOf(tiles).length)}</Button>
      </div>
      <Tiles items={tiles} keyOf={(tile) => `${tile.document}-${tile.page}`} starts={(index) => index === 0 || (tiles[index]?.starts ?? false)}
        onMove={(from, to) => change(movedTo(tiles, from, to))}
        tile={(tile, index, onMove) => (
          <PageTile tile={tile} title={titles.get(tile.document) ?? ""} first={index === 0} last={index === tiles.length - 1} onMove={onMove}
            onChange={(changed) => change(tiles.map((other, at) => (at === index ? changed : other)))}
            onRemove={() => change(without(tiles, index))} />
        )} />
      <div><PrintSheets /></div>
    </Screen>
  );
}

/** Takes the documents back that were made, and goes to what they came from where one of them is looked at. */
async function unmake(made: readonly number[]): Promise<void> {
  const [first] = await undoAssembly(made[0] ?? 0);
  showToast(t().panel.assemblyUndone);
  if (made.includes(Number(location.value.query.get("doc")))) navigate(`/?doc=${first}`);
}

function AddDocument({ onAdd }: { onAdd: (id: number) => void }) {
  const text = tLater().organiser;
  return (
    <div class="organiser-add">
      <Field label={text.add}>
        {({ id }) => <Picker id={id} label={text.add} value="" placeholder={text.addPlaceholder} find={findDocuments} onPick={({ id: chosen }) => { if (chosen !== undefined) onAdd(chosen); }} />}
      </Field>
    </div>
  );
}

function PageTile({ tile, title, first, last, onMove, onChange, onRemove }: {
  tile: Tile;
  title: string; // of its document
  first: boolean;
  last: boolean;
  onMove: (by: -1 | 1) => void;
  onChange: (tile: Tile) => void;
  onRemove: () => void;
}) {
  const text = tLater().organiser;
  const name = text.page(tile.page, title || `#${tile.document}`);
  return (
    <>
      <img src={`/api/v1/documents/${tile.document}/pages/${tile.page}/image?w=400`} alt="" loading="lazy" draggable={false} style={{ transform: `rotate(${tile.turn}deg)` }} />
      <span class="muted small">{name}</span>
      <span class="buttons">
        <IconButton small icon="left" label={text.earlier(name)} disabled={first} onClick={() => onMove(-1)} />
        <IconButton small icon="right" label={text.later(name)} disabled={last} onClick={() => onMove(1)} />
        <IconButton small icon="rotate" label={text.turn(name)} onClick={() => onChange({ ...tile, turn: turnedOn(tile.turn) })} />
        <IconButton small icon="trash" label={text.remove(name)} onClick={onRemove} />
        {!first && <IconButton small icon="documents" label={text.start(name)} aria-pressed={tile.starts} onClick={() => onChange({ ...tile, starts: !tile.starts })} />}
      </span>
    </>
  );
}

function documentsOf(tiles: readonly Tile[]): ChosenPage[][] {
  const documents: ChosenPage[][] = [];
  for (const { document, page, turn, starts } of tiles) {
    if (starts || documents.length === 0) documents.push([]);
    documents.at(-1)?.push({ document, page, turn });
  }
  return documents;
}

/** Where a document began, the page that follows the one left out begins it. */
function without(tiles: readonly Tile[], index: number): Tile[] {
  const starts = tiles[index]?.starts ?? false;
  return tiles.flatMap((tile, at) => (at === index ? [] : at === index + 1 && starts ? [{ ...tile, starts }] : [tile]));
}
