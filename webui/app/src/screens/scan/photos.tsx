// Paper photographed with the camera of this device: several photographs become one document, then the next one begins.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { Button, IconButton } from "../../components/controls";
import { movedTo, Tiles, turnedOn } from "../../components/tiles";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";
import { guard } from "../../state/unsaved";
import { addFiles } from "../../state/uploads";
import { jpegShape, photoPdf, type Photograph } from "../upload/photo_pdf";

interface Photo extends Photograph {
  key: number;
  file: File;
}

let lastKey = 0;

/** Those of the document that is being photographed; they stay while one looks elsewhere. */
const taken = signal<readonly Photo[]>([]);

guard({ unsaved: () => taken.value.length > 0, forget: () => { taken.value = []; } });

export function Photos() {
  const photos = taken.value;
  const text = tLater().photos;
  const take = async (files: FileList | null) => {
    const read = await Promise.all([...(files ?? [])].map(readPhoto));
    const fit = read.filter(({ bytes }) => jpegShape(bytes) !== null);
    if (fit.length < read.length) showToast(text.notJpeg(read.length - fit.length));
    taken.value = [...taken.value, ...fit];
  };
  const file = () => {
    const name = photos[0]?.file.name.replace(/\.\w+$/, "") ?? "";
    void addFiles([new File([photoPdf(photos)], `${name}.pdf`, { type: "application/pdf" })]);
    showToast(text.filed(photos.length));
    taken.value = [];
  };
  return (
    <section class="photos" aria-labelledby="photos-title">
      <h2 id="photos-title">{text.title}</h2>
      <div class="chips">
        <Pick label={photos.length === 0 ? text.take : text.another} camera onPick={(files) => void take(files)} />
        <Pick label={text.choose} onPick={(files) => void take(files)} />
        {photos.length > 0 && <Button kind="primary" icon="check" onClick={file}>{text.file(photos.length)}</Button>}
      </div>
      {photos.length > 0 && (
        <Tiles label={text.pages} items={photos} keyOf={({ key }) => key} onMove={(from, to) => { taken.value = movedTo(photos, from, to); }}
          tile={(photo, index, onMove) => <PhotoTile photo={photo} index={index} count={photos.length} onMove={onMove} />} />
      )}
    </section>
  );
}

async function readPhoto(file: File): Promise<Photo> {
  return { key: ++lastKey, file, bytes: new Uint8Array(await file.arrayBuffer()), turn: 0 };
}

function PhotoTile({ photo, index, count, onMove }: { photo: Photo; index: number; count: number; onMove: (by: -1 | 1) => void }) {
  const text = tLater().photos;
  const { page, earlier, later, turn } = tLater().scan;
  const name = page(index + 1);
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    const address = URL.createObjectURL(photo.file);
    setPicture(address);
    return () => URL.revokeObjectURL(address);
  }, [photo.file]);
  const leaveOut = () => {
    taken.value = taken.value.filter((other) => other !== photo);
    showToast(text.leftOut(photo.file.name), async () => { taken.value = [...taken.value.slice(0, index), photo, ...taken.value.slice(index)]; });
  };
  return (
    <>
      <img src={picture} alt="" draggable={false} style={{ transform: `rotate(${photo.turn}deg)` }} />
      <span class="muted small">{text.page(index + 1, photo.file.name)}</span>
      <span class="buttons">
        <IconButton small icon="left" label={earlier(name)} disabled={index === 0} onClick={() => onMove(-1)} />
        <IconButton small icon="right" label={later(name)} disabled={index === count - 1} onClick={() => onMove(1)} />
        <IconButton small icon="rotate" label={turn(name)}
          onClick={() => { taken.value = taken.value.map((other) => (other === photo ? { ...photo, turn: turnedOn(photo.turn) } : other)); }} />
        <IconButton small icon="close" label={text.remove(index + 1)} onClick={leaveOut} />
      </span>
    </>
  );
}

/** A button that opens the camera where there is one, or the device's own choice of pictures. */
function Pick({ label, camera, onPick }: { label: string; camera?: boolean; onPick: (files: FileList | null) => void }) {
  const choose = () => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = "image/jpeg"; // telephones that keep another format convert for it
    input.multiple = !camera;
    if (camera) input.setAttribute("capture", "environment");
    input.addEventListener("change", () => onPick(input.files));
    input.click();
  };
  return <Button icon={camera ? "scan" : "upload"} onClick={choose}>{label}</Button>;
}
