export const photos = {
  title: "With the camera of this device",
  take: "Photograph a page",
  another: "Photograph the next page",
  choose: "Choose photographs",
  pages: "Photographed pages",
  page: (n: number, name: string) => `Page ${n}: ${name}`,
  remove: (n: number) => `Leave page ${n} out`,
  leftOut: (name: string) => `The photograph ${name} is left out.`,
  file: (n: number) => (n === 1 ? "File 1 page as a document" : `File ${n} pages as one document`),
  filed: (n: number) => (n === 1 ? "1 page is being filed. The next document can begin." : `${n} pages are being filed as one document. The next one can begin.`),
  notJpeg: (n: number) => (n === 1 ? "1 file is no JPEG photograph and was left out." : `${n} files are no JPEG photographs and were left out.`),
};
