export const levels = {
  title: "Classification levels",
  help: "From the lowest up. Whoever has a lower clearance than an access list's level sees nothing of it, administrators too.",
  level: "Level",
  levelHint: "Only who has a clearance of this level or a higher one sees what has this list.",
  clearance: "Clearance",
  clearanceHint: "Up to this level the account sees what the access lists let it. You can give up to your own.",
  add: "New level",
  number: "Number",
  numberHint: "0 to 1000; a higher number is a higher level. It stays as it is.",
  reason: (name: string) => `The list has the level ${name}: of those named, only who has that clearance or a higher one can see it.`,
};
