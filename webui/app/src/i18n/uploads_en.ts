export const uploads = {
  notSent: (n: number, shown: string) => (n === 1 ? "1 more was not sent." : `${shown} more were not sent.`),
  listed: (n: number, shown: string) => (n === 1 ? "One of them is already in the list." : `${shown} of them are already in the list.`),
  unreadable: (n: number, shown: string) => (n === 1 ? "One file or folder could not be read." : `${shown} files and folders could not be read.`),
  elapsed: (time: string) => `for ${time}`,
  placed: (n: number, shown: string, place: string) => (n === 1 ? `1 file goes to ${place}.` : `${shown} files go to ${place}.`),
  unplaced: "What came in waits in the inbox instead.",
  to: (place: string) => `To ${place}`,
  keepBoth: "Keep both",
};
