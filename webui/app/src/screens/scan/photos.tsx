// Paper photographed with the camera of this device: several photographs become one document, then the next one begins.
import { signal } from "@preact/signals";
import { Button, IconButton } from "../../components/controls";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";
import { guard } from "../../state/unsaved";
import { addFiles } from "../../state/uploads";
import { jpegShape, photoPdf } from "../upload/photo_pdf";

interface Photo {
  key: number;
  bytes: Uint8Array;
  name: string;
}

let lastKey = 0;

/** Those of the document that is being photographed; they stay while one looks elsewhere. */
const taken = signal<readonly Photo[]>([]);

guard({ unsaved: () => taken.value.length > 0, forget: () => { taken.value = []; } });

export function Photos() {
  const photos = taken.value;
  const text = tLater().photos;
  const take = async (files: FileList | null) => {
    const read = await Promise.all([...(files ?? [])].map(async (file) => ({ key: ++lastKey, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
    const fit = read.filter(({ bytes }) => jpegShape(bytes) !== null);
    if (fit.length < read.length) showToast(text.notJpeg(read.length - fit.length));
    taken.value = [...taken.value, ...fit];
  };
  const file = () => {
    const name = photos[0]?.name.replace(/\.\w+$/, "") ?? "";
    void addFiles([new File([photoPdf(photos.map(({ bytes }) => bytes))], `${name}.pdf`, { type: "application/pdf" })]);
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
        <ol aria-label={text.pages}>
          {photos.map(({ key, name }, index) => (
            <li key={key}>{text.page(index + 1, name)}
              <IconButton icon="close" small label={text.remove(index + 1)} onClick={() => { taken.value = photos.filter((photo) => photo.key !== key); }} />
            </li>
          ))}
        </ol>
      )}
    </section>
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
