export const uploads = {
  notSent: (n: number, shown: string) => (n === 1 ? "1 more was not sent." : `${shown} more were not sent.`),
};
