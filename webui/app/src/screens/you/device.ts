// What a browser that one is signed in with is called.

const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"], [/\bOPR\//, "Opera"], [/\bSamsungBrowser\//, "Samsung Internet"], [/\b(?:Firefox|FxiOS)\//, "Firefox"], [/Chrome\/|\bCriOS\//, "Chrome"], [/\bSafari\//, "Safari"],
];
const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"], [/\biPad\b/, "iPad"], [/\bAndroid\b/, "Android"], [/\bWindows\b/, "Windows"], [/\bMac OS X\b/, "macOS"], [/\bCrOS\b/, "ChromeOS"], [/\bLinux\b/, "Linux"],
];

/** "Firefox · Windows · 192.0.2.7" of an address and what the browser says of itself; those words where they are of no known one. */
export function deviceName(client: string): string {
  const [, address = "", agent = ""] = /^(\S*) ?(.*)$/s.exec(client) ?? [];
  const named = [browsers, systems].flatMap((known) => known.find(([sign]) => sign.test(agent))?.[1] ?? []);
  return named.length > 0 ? [...named, address].join(" · ") : client;
}
