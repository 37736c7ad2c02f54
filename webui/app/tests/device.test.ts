import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceName } from "../src/screens/you/device";

test("a browser is called by its name, its system and its address", () => {
  const names: [string, string][] = [
    ["192.0.2.7 Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows · 192.0.2.7"],
    ["192.0.2.7 Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge · Windows · 192.0.2.7"],
    ["::1 Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36", "Chrome · Linux · ::1"],
    ["::1 Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone · ::1"],
    ["::1 Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", "Samsung Internet · Android · ::1"],
  ];
  assert.deepEqual(names.map(([client]) => deviceName(client)), names.map(([, name]) => name));
});

test("what is of no known browser is shown as it is", () => {
  for (const client of ["127.0.0.1 curl/8.0", "127.0.0.1", ""]) assert.equal(deviceName(client), client);
});
