// The tree of places, and what is in the chosen one.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { changeLocation, filesAt, findBarcode, findPlaces, labelsToPrint, lineOfPlace, placeHistory, placesIn } from "../../api/paper";
import type { Location, Named, PaperItem } from "../../api/types";
import { Banner, Button, EmptyState, IconButton } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { MoreParts } from "../../components/more_parts";
import { Picker } from "../../components/picker";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { mayCapture, mayLend, mayManagePaper } from "../../state/session";
import { navigate } from "../../router";
import { LabelDialog } from "./label_dialog";
import { Movements } from "./movements";
import { attempt, TableHead, TableRegion } from "./parts";
import { MovePlaceDialog, PlaceDialog, RelabelDialog } from "./place_dialogs";
import { RegisterDialog } from "./register_dialog";

const mayRegister = () => mayCapture.value || mayManagePaper.value;

const placeChanges = signal(0); // rises whenever a place was made, changed or moved

const changed = async () => { placeChanges.value += 1; };

export function Places({ chosen }: { chosen: number }) {
  const [making, setMaking] = useState(false);
  const text = tLater().paper;
  return (
    <>
      {mayLend.value && <LabelNotice />}
      <div class="button-row">
        {mayManagePaper.value && <Button icon="plus" onClick={() => setMaking(true)}>{text.newSite}</Button>}
        {mayRegister() && <Register home={null} />}
        <AsCsv path="/locations" />
        <CodeSearch />
      </div>
      <TreeAndPlace key={`${chosen} ${placeChanges.value}`} chosen={chosen} />
      {making && <PlaceDialog place={null} parent={null} onClose={() => setMaking(false)} onSaved={changed} />}
    </>
  );
}

/** Of one state of the places and one that is chosen: to be keyed by them. */
function TreeAndPlace({ chosen }: { chosen: number }) {
  const loaded = useLoaded(async () => {
    const [sites, line] = await Promise.all([placesIn(0), chosen ? lineOfPlace(chosen) : []]);
    return { empty: sites.items.length === 0, line };
  });
  const text = tLater().paper;
  return (
    <Content of={loaded}>
      {({ empty, line }) => {
        const place = line.at(-1);
        return empty ? <EmptyState icon="records" title={text.noPlaces}>{text.noPlacesHelp}</EmptyState> : (
          <div class="plan">
            <div class="stack">
              <Picker label={text.findPlace} value="" placeholder={text.findPlace} find={findPlaces} onPick={({ id }) => navigate(`/records/paper/places/${id}`)} />
              <nav class="plan-tree" aria-label={text.parts.places}><Within parent={0} room={mostUnfolded} chosen={chosen} line={line.slice(0, -1).map(({ id }) => id)} /></nav>
            </div>
            {place ? <ChosenPlace place={place} /> : <p class="muted">{text.choosePlace}</p>}
          </div>
        );
      }}
    </Content>
  );
}

/** Each branch that is open asks for what stands in it. */
const mostUnfolded = 48;

/** What stands in a place (0: the sites). A branch is open where the chosen place is, and while there is room for what is in it. */
function Within({ parent, room, chosen, line }: { parent: number; room: number; chosen: number; line: readonly number[] }) {
  const places = useParts((cursor) => placesIn(parent, cursor), "");
  return (
    <MoreParts of={places}>
      {(all) => (
        <ul>
          {all.map((place) => (
            <PlaceLine key={place.id} place={place} room={room / all.length} chosen={chosen} line={line}
              open={line.includes(place.id) || place.below <= room / all.length} />
          ))}
        </ul>
      )}
    </MoreParts>
  );
}

function PlaceLine({ place, room, chosen, line, open: first }: { place: Location; room: number; chosen: number; line: readonly number[]; open: boolean }) {
  const [turned, setTurned] = useState<boolean | null>(null);
  const open = turned ?? first;
  return (
    <li>
      <div class="plan-line">
        {place.below > 0
          ? <IconButton small icon={open ? "down" : "right"} label={tLater().records.below(place.name)} aria-expanded={open} onClick={() => setTurned(!open)} />
          : <span class="plan-leaf" />}
        <a href={`/records/paper/places/${place.id}`} aria-current={place.id === chosen ? "page" : undefined}>
          {place.name} <span class="muted small">{tLater().paper.kinds[place.kind]}{place.closed && ` · ${tLater().records.closed}`}</span>
        </a>
      </div>
      {place.below > 0 && open && <Within parent={place.id} room={room} chosen={chosen} line={line} />}
    </li>
  );
}

function ChosenPlace({ place }: { place: Location }) {
  const [doing, setDoing] = useState<"add" | "change" | "move" | "print" | "relabel" | null>(null);
  const text = tLater().paper;
  const done = () => setDoing(null);
  return (
    <section aria-label={place.path}>
      <h2>{place.path}</h2>
      <dl class="facts">
        <dt>{text.barcode}</dt><dd>{place.barcode}</dd>
        {place.capacity !== null && <><dt>{text.capacity}</dt><dd>{place.capacity}</dd></>}
      </dl>
      <div class="button-row">
        {mayManagePaper.value && place.kind !== "box" && !place.closed && <Button compact icon="plus" onClick={() => setDoing("add")}>{text.newBelow}</Button>}
        {mayRegister() && !place.closed && <Register home={{ id: place.id, name: place.path }} />}
        {mayManagePaper.value && <Button compact icon="edit" onClick={() => setDoing("change")}>{text.changePlace}</Button>}
        {mayLend.value && place.parent !== null && <Button compact icon="right" onClick={() => setDoing("move")}>{text.movePlace}</Button>}
        {mayLend.value && <Button compact icon="tag" onClick={() => setDoing("print")}>{text.printLabel}</Button>}
        {mayManagePaper.value && <Button compact onClick={() => setDoing("relabel")}>{text.relabel}</Button>}
        {mayManagePaper.value && (
          <Button compact icon={place.closed ? "restore" : "lock"} onClick={() => void attempt(() => changeLocation(place, { closed: !place.closed })).then(changed)}>
            {place.closed ? text.reopenPlace : text.closePlace}
          </Button>
        )}
      </div>
      <FilesHere place={place} />
      <PlaceHistory key={place.version} place={place.id} />
      {doing === "add" && <PlaceDialog place={null} parent={place} onClose={done} onSaved={changed} />}
      {doing === "change" && <PlaceDialog place={place} parent={null} onClose={done} onSaved={changed} />}
      {doing === "move" && <MovePlaceDialog place={place} onClose={done} onSaved={changed} />}
      {doing === "relabel" && <RelabelDialog what="locations" id={place.id} onClose={done} onSaved={changed} />}
      {doing === "print" && <LabelDialog documents={[]} locations={[place.id]} onClose={done} />}
    </section>
  );
}

function FilesHere({ place }: { place: Location }) {
  const files = useParts((cursor) => filesAt(place.id, cursor), String(place.id));
  const text = tLater().paper;
  const where = ({ home, current, on_loan: lent }: PaperItem) => {
    if (lent) return tLater().paper.why.lent;
    if (current?.id === place.id) return home && home.id !== place.id ? text.guest(home.path) : "";
    return current ? text.isElsewhere(current.path) : text.why.missing;
  };
  return (
    <>
      <div class="button-row"><h3 class="grow">{text.filesHere}</h3><AsCsv path={`/locations/${place.id}/files`} /></div>
      <MoreParts of={files}>
        {(all) => all.length === 0 ? <p class="muted">{text.noFiles}</p> : (
          <TableRegion label={text.filesHere}>
            <TableHead columns={[text.title, text.barcode, tLater().records.state]} />
            <tbody>
              {all.map((file) => (
                <tr key={file.document.id}>
                  <td><a href={`/?doc=${file.document.id}&tab=paper`}>{file.document.title}</a></td>
                  <td>{file.barcode}</td>
                  <td>{where(file)}</td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
        )}
      </MoreParts>
    </>
  );
}

function PlaceHistory({ place }: { place: number }) {
  const movements = useLoaded(() => placeHistory(place));
  return (
    <Content of={movements}>
      {(all) => all.length === 0 ? null : <><h3>{tLater().paper.history}</h3><Movements of={all} /></>}
    </Content>
  );
}

/** Opens what wears the code that is typed or scanned. */
function CodeSearch() {
  const [code, setCode] = useState("");
  const text = tLater().paper;
  const open = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      const { document, location } = await findBarcode(code.trim());
      if (document) navigate(`/?doc=${document.id}&tab=paper`);
      else if (location) navigate(`/records/paper/places/${location.id}`);
    });
  };
  return (
    <form class="button-row" role="search" aria-label={text.codeOfLabel} onSubmit={open}>
      <input class="input" name="code" required autoComplete="off" placeholder={text.codeOfLabel} aria-label={text.codeOfLabel} value={code} onInput={(event) => setCode(event.currentTarget.value)} />
      <Button type="submit">{text.openCode}</Button>
    </form>
  );
}

function Register({ home }: { home: Named | null }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button compact={home !== null} icon="documents" {...(home === null ? { kind: "primary" as const } : {})} onClick={() => setOpen(true)}>{tLater().paper.register}</Button>
      {open && <RegisterDialog home={home} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Labels that are missing, or say what is no longer true. */
function LabelNotice() {
  const labels = useLoaded(labelsToPrint);
  const [printing, setPrinting] = useState(false);
  const text = tLater().paper;
  const all = labels.data ?? [];
  if (all.length === 0) return null;
  const documents = all.flatMap(({ document }) => (document === null ? [] : [document]));
  const locations = all.flatMap(({ location }) => (location === null ? [] : [location]));
  return (
    <Banner icon="tag">
      {text.labelsMissing(all.length)}{" "}
      <Button compact onClick={() => setPrinting(true)}>{text.printLabels(all.length)}</Button>
      {printing && <LabelDialog documents={documents} locations={locations} onClose={() => setPrinting(false)} onPrinted={labels.reload} />}
    </Banner>
  );
}
