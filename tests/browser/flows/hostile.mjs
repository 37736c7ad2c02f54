// Names and texts that are markup are shown as what they are, wherever they stand. In an archive that is empty but for its first account.
import assert from "node:assert/strict";
import { see, speakAs, uploadFiles, uploadItem } from "../support/browser.mjs";
import { pdf } from "../support/files.mjs";
import { screens, visit } from "./appearance.mjs";
import { credentials } from "./archive.mjs";

const markup = (of) => `<img src=x onerror=alert(1)> ${of} <b>bold</b>`;

async function visitEveryScreen(page, url) {
  await page.goto(url);
  for (const screen of screens) {
    await visit(page, url, screen);
    assert.equal(await page.locator("img[src=x]").count(), 0, `${screen} shows markup as markup`);
  }
}

export const steps = {
  async "whatever has a name is called by markup"({ page, service }) {
    await uploadFiles(page, [{ name: `${markup("file")}.pdf`, buffer: pdf([[markup("heading"), "The rent is due within thirty days."]]) }]);
    await see(uploadItem(page, `${markup("file")}.pdf`).and(page.locator("[data-state=filed]")));
    const make = (operation, ...fields) => JSON.parse(service.command("api", operation, ...fields)).id;
    const tag = make("create_tag", `name=${markup("tag")}`);
    const correspondent = make("create_correspondent", `name=${markup("correspondent")}`);
    const type = make("create_document_type", `name=${markup("type")}`);
    const economy = make("create_class", "parent=", "code=1", `title=${markup("class")}`);
    const folder = make("create_folder", `class=${economy}`, `title=${markup("folder")}`);
    service.command("api", "create_custom_field", "key=own", `name=${markup("own field")}`, "kind=text", 'uses=[{"type":null,"required":false,"preset":""}]');
    service.command("api", "create_filing_rule", "field=type", `value=${type}`, "kind=any", `text=${markup("rule")}`);
    service.command("api", "create_saved_view", `name=${markup("list")}`, "parameters=q=rent", "shared=true", "--as", credentials.name);
    service.command("api", "change_document", "id=1", `title=${markup("title")}`, `tags=[${tag}]`, `correspondent=${correspondent}`, `type=${type}`, `folder=${folder}`,
      `custom_fields=${JSON.stringify([{ key: "own", value: markup("value") }])}`);
    service.command("api", "add_note", "id=1", `text=${markup("note")}`);
  },

  async "a document shows all of it as text"({ page, url }) {
    await page.goto(`${url}/?q=thirty&doc=1`);
    assert.equal(await page.getByRole("textbox", { name: "Title" }).inputValue(), markup("title"));
    for (const part of ["tag", "list", "correspondent"]) await see(page.getByText(markup(part)));
    await page.getByRole("tab", { name: "Notes" }).click();
    await see(page.getByText(markup("note")));
  },

  async "no screen takes it for markup"({ page, url }) {
    await visitEveryScreen(page, url);
  },

  async "nor does one in Swedish"({ page, url }) {
    await speakAs(page, url, "sv");
    await visitEveryScreen(page, url);
    await speakAs(page, url, "en");
  },
};
