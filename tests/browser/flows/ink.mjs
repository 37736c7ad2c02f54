// Hits lie on the words that they are hits of, whatever the page came from. For an archive that may have other documents.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { follow, see, until } from "../support/browser.mjs";
import { inkUnderHits } from "../support/ink.mjs";
import { takeInThePapers } from "./records_walk.mjs";

const words = "invoice OR faktura OR board OR styrelsen OR letter OR brev";
const turns = [["turned", "90"], ["askew", "4"]]; // degrees
const leastInk = 0.04; // of the pixels under a hit: thin letters cover more

/** A letter as somebody would have scanned it who does not look. */
function addCarelessScans(directory) {
  for (const [name, degrees] of turns) {
    execFileSync("mutool", ["draw", "-q", "-N", "-r", "200", "-c", "gray", "-R", degrees, "-o", join(directory, `${name}-scan.png`), join(directory, "letter-09-en.pdf")]);
  }
}

export const steps = {
  async "papers and scans are taken in, of which some were turned, some askew"({ service, page, url }) {
    takeInThePapers(service, { scans: true, more: addCarelessScans });
    await page.goto(`${url}/?q=${encodeURIComponent(words)}`);
    await see(page.locator(".row mark"));
  },

  async "every hit on every page lies on ink"({ page }) {
    let pages = [];
    await until(async () => { // what was taken in is indexed a moment later
      pages = await page.evaluate(pagesWithHits, words);
      return pages.length > 45 && turns.every(([name]) => pages.some(({ filename }) => filename === `${name}-scan.png`));
    });
    const beside = [];
    let count = 0;
    for (const { document, filename, number, hits } of pages) {
      await follow(page, `/?q=${encodeURIComponent(words)}&doc=${document}&p=${number}`);
      await page.waitForFunction(([source, wanted]) => {
        const picture = globalThis.document.querySelector(`.sheet img[src^="${source}"]`);
        const boxes = picture?.closest(".sheet").querySelectorAll(".hit-box") ?? [];
        return picture?.complete && picture.naturalWidth > 0 && new Set([...boxes].map((box) => box.dataset.hit)).size === wanted;
      }, [`/api/v1/documents/${document}/pages/${number}/image`, hits]);
      for (const share of await page.evaluate(inkUnderHits, number)) {
        count += 1;
        if (share <= leastInk) beside.push(`page ${number} of ${filename}: ${Math.round(share * 100)} % ink`);
      }
    }
    assert.deepEqual(beside, []);
    console.log(`${count} boxes of hits on ${pages.length} pages`);
  },
};

/** Every page of every document with hits of the query, as the service counts them. Runs in the page. */
async function pagesWithHits(query) {
  const ask = async (path) => (await fetch(`/api/v1/${path}`)).json();
  const q = encodeURIComponent(query);
  const { items: documents } = await ask(`documents?q=${q}&limit=100`);
  const pages = await Promise.all(documents.map(async ({ id }) => {
    const [{ filename }, { items }] = await Promise.all([ask(`documents/${id}`), ask(`documents/${id}/hits?q=${q}&from=1`)]);
    return items.map(({ page, hits }) => ({ document: id, filename, number: page, hits }));
  }));
  return pages.flat().filter(({ hits }) => hits > 0);
}
