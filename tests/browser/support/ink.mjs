// Whether what is drawn over a page lies on what is printed on it.

/** For each hit that is drawn on a page, the share of dark pixels of the picture under it; of the first page on the screen, or
 *  of the one with this number. Runs in the page, where the picture has to be there. */
export function inkUnderHits(number) {
  const sheet = document.querySelector(number ? `.sheet[data-page="${number}"]` : ".sheet");
  const image = sheet.querySelector("img");
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { width, height } = sheet.querySelector("svg").viewBox.baseVal;
  return [...sheet.querySelectorAll(".hit-box")].map((box) => {
    const scale = [canvas.width / width, canvas.height / height];
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name, index) => Math.round(Number(box.getAttribute(name)) * scale[index % 2]));
    const { data } = pen.getImageData(x, y, Math.max(1, w), Math.max(1, h));
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
    return dark / (data.length / 4);
  });
}
