// What the page's modules look for in a browser when they are loaded.
Object.assign(globalThis, {
  requestAnimationFrame: () => 0, // nothing is drawn
  matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
  window: { location: { pathname: "/", search: "", href: "http://archive.test/", origin: "http://archive.test", replace: () => undefined }, addEventListener: () => undefined },
  document: { documentElement: { dataset: {} }, addEventListener: () => undefined, querySelector: () => null },
});
