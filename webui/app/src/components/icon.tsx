// The page's own line icons, drawn on a 24-unit grid. An icon is decoration: the control that holds it has the name.
const shapes = {
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14m5 12 4.5 4.5",
  documents: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  inbox: "M4 13 6.5 5h11L20 13v6H4zM4 13h5l1.5 2.500h3L15 13h5",
  scan: "M4 10h16v9H4zM6 10l12-5.500M7 15h10",
  records: "M4 4h16v5H4zM5.5 9v11h13V9M10 13h4",
  activity: "M3 12h4l3-8 4 16 3-8h4",
  quarantine: "M12 3 2.5 20h19zM12 10v4.5M12 17.2v.1",
  trash: "M4 6.5h16M9 6.5V4h6v2.5M6 6.5 7 21h10l1-14.5M10 10.5v6.5M14 10.5v6.5",
  admin: "M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1",
  upload: "M12 16V4.5M7 9l5-5 5 5M4 16v4h16v-4",
  download: "M12 4v11.5M7 11l5 5 5-5M4 17v3.5h16V17",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  check: "M5 12.5 10 17.5 19.5 7",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  filter: "M4 6h16M7 12h10M10 18h4",
  info: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M12 11v5.5M12 7.6v.1",
  help: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 2M12 16.6v.1",
  rotate: "M19 12a7 7 0 1 1-2-5l2.5 2.5M19.5 4.500v5h-5",
  fitWidth: "M3 5v14M21 5v14M7 12h10M9.5 9.5 7 12l2.5 2.500M14.5 9.5 17 12l-2.5 2.5",
  fitPage: "M5 3h14v18H5zM12 7v10M9.5 9.5 12 7l2.5 2.500M9.5 14.5 12 17l2.5-2.5",
  thumbnails: "M4 4h6v7H4zM4 14h6v6H4zM14 5h6M14 8.500h6M14 15h6M14 18.500h6",
  more: "M12 5.500v.1M12 12v.1M12 18.500v.1",
  hold: "M9 4.500v15M15 4.500v15M5 20h14",
  lock: "M6 11h12v9.500H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  retry: "M5 12a7 7 0 1 1 2 5L4.5 14.500M4.5 19.500v-5h5",
  restore: "M5 12a7 7 0 1 1 2 5L4.5 14.500M4.5 19.500v-5h5M12 8.500V12l2.5 2",
  edit: "M4 20l1-4.500L16 4.500l3.5 3.500L8.5 19z",
  copy: "M9 9h11v11.500H9zM5.5 15H4V3.500h11V5",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4.5 20.500c.8-4 3.8-5.5 7.5-5.500s6.7 1.5 7.5 5.5",
  users: "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M2.5 19.500c.7-3.5 3.2-5 6.5-5s5.8 1.5 6.5 5M15.5 5.200a3.5 3.5 0 0 1 0 6.600M17.5 14.800c2.2.5 3.5 2 4 4.7",
  signOut: "M14 4.500H5v15h9M10.5 12H21M17.5 8.5 21 12l-3.5 3.5",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 2.500V5M12 19v2.500M2.5 12H5M19 12h2.500M5.3 5.3 7 7M17 17l1.7 1.700M5.3 18.7 7 17M17 7l1.7-1.7",
  globe: "M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M3.5 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17",
  keyboard: "M3 6.500h18v11H3zM6.5 10v.1M10 10v.1M14 10v.1M17.5 10v.1M7.5 14h9",
  tag: "M4 4h8l8.5 8.5-8 8L4 12zM8.2 8.200v.1",
  clock: "M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M12 7.500V12l3 2.5",
  text: "M5 5h14M12 5v14.500M9 19.500h6",
  spark: "M12 3.500l1.9 5.6 5.6 1.9-5.6 1.900L12 18.500l-1.9-5.600L4.5 11l5.6-1.900z",
  shield: "M12 3l8 3v6c0 5-3.5 8-8 9.500C7.5 20 4 17 4 12V6zM8.5 12l2.5 2.5 4.5-5",
  bell: "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500a2 2 0 0 0 4 0",
  link: "M10 14a4 4 0 0 0 6 .4l2.500-2.500a4 4 0 0 0-5.700-5.700l-1.400 1.400M14 10a4 4 0 0 0-6-.4l-2.500 2.500a4 4 0 0 0 5.700 5.700l1.400-1.400",
  key: "M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8M11 12.5 20 3.500M16 7.500l3 3",
  print: "M7 8V3.500h10V8M7 17H4V8h16v9h-3M7 13.500h10v7H7z",
  folder: "M3.5 6h6l2 2.500h9V19h-17z",
  list: "M8.5 6.500H20M8.5 12H20M8.5 17.500H20M4.5 6.500v.1M4.5 12v.1M4.5 17.500v.1",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}

export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b5cad" />
      <path d="M8 22V10.600a1.6 1.6 0 0 1 2.9-.9L16 16.600l5.1-6.900a1.6 1.6 0 0 1 2.9.9V22" fill="none" stroke="#fff"
        stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
      <path d="M8 26.500h16" stroke="#7ab8ff" stroke-width="2" stroke-linecap="round" />
    </svg>
  );
}
