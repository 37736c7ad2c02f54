// Mailboxes: set up, found unreachable, changed and given up; and mail that devices send. For a signed-in administrator.
import assert from "node:assert/strict";
import { axeFindings, see } from "../support/browser.mjs";
import { greetingAt, refusingMailServer } from "../support/mail_server.mjs";

export const steps = {
  async "a mailbox is set up with a rule"({ page, url }) {
    await page.goto(`${url}/admin/mail`);
    await see(page.getByText(/^No mail server is set \(mail\.send_server\)/));
    await page.getByRole("button", { name: "New mailbox" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Invoices");
    await dialog.getByLabel("Server").fill("127.0.0.1");
    await dialog.getByLabel("Protection").selectOption("starttls");
    assert.equal(await dialog.getByLabel("Port").inputValue(), "143");
    await dialog.getByLabel("Port").fill("1"); // nobody listens there
    await dialog.getByLabel("User").fill("archive");
    await dialog.getByLabel("Password").fill("a password");
    await dialog.getByLabel("Afterwards").selectOption("move");
    await dialog.getByLabel("Move it to the folder").fill("INBOX");
    await dialog.getByRole("button", { name: "Add a rule" }).click();
    await dialog.getByLabel("Subject").fill("invoice");
    await dialog.getByLabel("Take", { exact: true }).selectOption("attachments");
    await dialog.getByRole("button", { name: "Add a rule" }).click();
    await dialog.getByLabel("Subject").last().fill("receipt");
    await dialog.getByRole("button", { name: "Rule 2: earlier" }).click();
    assert.equal(await dialog.getByLabel("Subject").first().inputValue(), "receipt");
    await dialog.getByRole("button", { name: "Rule 1: later" }).click();
    assert.equal(await dialog.getByLabel("Subject").first().inputValue(), "invoice");
    assert.equal(await dialog.getByRole("button", { name: "Rule 2: later" }).isDisabled(), true);
    await dialog.getByRole("button", { name: "Remove rule 2" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText("must not be a folder that is looked through"));
    await dialog.getByLabel("Move it to the folder").fill("Kept");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
  },

  async "what is wrong with it is said by itself"({ page }) {
    await see(page.getByText("cannot be reached"));
    await see(page.getByText(/^Looked through .*0 dealt with$/));
    assert.deepEqual(await axeFindings(page), []);
  },

  async "it stands among the sources, which say why nothing comes from there"({ page, url }) {
    await page.goto(`${url}/admin/sources`);
    const mailbox = page.getByRole("listitem").filter({ hasText: "Invoices" });
    await see(mailbox.getByText(/^Does not work · nothing yet · 0 in seven days$/));
    await see(mailbox.getByText(/cannot be reached.* \(since .*\)$/));
    await see(page.getByRole("listitem").filter({ hasText: "Drop folder" }).getByText(/^Well · /));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Try again: Invoices" }).click();
    await see(page.getByText("It is tried again now"));
  },

  async "a folder is watched, where the configuration lets it be"({ page }) {
    await page.getByRole("button", { name: "Watch a folder" }).click();
    const dialog = page.getByRole("dialog");
    const path = dialog.getByLabel("Folder on the server");
    const root = await path.inputValue();
    assert.match(root, /\/incoming\/$/);
    await path.fill("/etc");
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText(/^must lie in one of the folders that watch\.roots names: /));
    await path.fill(`${root}post`);
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const folder = page.getByRole("listitem").filter({ hasText: "incoming/post" });
    await see(folder.getByText(/^Well · nothing yet · /));
    await folder.getByRole("button", { name: /^Edit / }).click();
    await dialog.getByLabel("Watch this folder").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(folder.getByText(/^Switched off · /));
    assert.deepEqual(await axeFindings(page), []);
    await folder.getByRole("button", { name: /^Edit / }).click();
    await dialog.getByRole("button", { name: "Watch it no more" }).click();
    await see(dialog.getByText("Documents stay, and so do files that still lie in the folder."));
    await dialog.getByRole("button", { name: "Watch it no more" }).click();
    await folder.waitFor({ state: "detached" });
  },

  async "rules for barcodes are tried before they hold"({ page }) {
    await see(page.getByText(/^As in the configuration · separator sheets: PATCHT · /));
    await page.getByRole("button", { name: "Change the rules" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Separator sheets").fill("PATCHT\nNEXT");
    await dialog.getByLabel("A barcode that says").fill("NEXT");
    await dialog.getByRole("button", { name: "Try", exact: true }).click();
    await see(dialog.getByText("It stands between two documents"));
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(page.getByText(/^Changed here.* · separator sheets: PATCHT, NEXT · /));
    await page.getByRole("button", { name: "Back to the configuration" }).click();
    await see(page.getByText(/^As in the configuration · /));
  },

  async "a scanner is named by its address, and removed"({ page, url }) {
    await page.getByRole("button", { name: "Add a scanner" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Hall");
    await dialog.getByLabel("Address").fill("two words");
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText(/^must be like 192/));
    await dialog.getByLabel("Address").fill("192.0.2.1");
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(page.getByText("http://192.0.2.1/eSCL"));
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Remove Hall" }).click();
    await page.getByText("http://192.0.2.1/eSCL").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await see(page.getByText("http://192.0.2.1/eSCL"));
    await page.getByRole("button", { name: "Remove Hall" }).click();
    await page.getByText("http://192.0.2.1/eSCL").waitFor({ state: "detached" });
    await page.goto(`${url}/admin/mail`);
  },

  async "its rule is kept, and its password is not shown"({ page }) {
    await page.getByRole("button", { name: "Edit Invoices" }).click();
    const dialog = page.getByRole("dialog");
    assert.equal(await dialog.getByLabel("Subject").inputValue(), "invoice");
    assert.equal(await dialog.getByLabel("Password").inputValue(), "");
    await dialog.getByLabel("Server").fill("mail.example.org");
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText("must be given anew"));
    await dialog.getByLabel("Server").fill("127.0.0.1");
    await dialog.getByLabel("Look through this mailbox").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(page.getByText(/^Switched off/));
    await page.getByRole("button", { name: "Delete Invoices" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await see(page.getByText("No mailboxes yet"));
  },

  async "a mail that fails is told, tried again and left"({ page }) {
    const { port } = await refusingMailServer();
    await page.getByRole("button", { name: "New mailbox" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name", { exact: true }).fill("Odd");
    await form.getByLabel("Server").fill("127.0.0.1");
    await form.getByLabel("Protection").selectOption("none");
    await form.getByLabel("Port").fill(String(port));
    await form.getByLabel("User").fill("archive");
    await form.getByLabel("Password").fill("a password");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await see(page.getByText(/ · 1 failed$/));
    await page.getByRole("button", { name: "Failed mails Odd" }).click();
    const failed = page.getByRole("dialog", { name: "Failed mails of Odd" });
    await see(failed.getByText("Mail 1 in INBOX", { exact: true }));
    await see(failed.getByText(/it cannot be read today/));
    assert.deepEqual(await axeFindings(page), []);
    await failed.getByRole("button", { name: "Try again: Mail 1 in INBOX" }).click();
    await see(page.getByText("It is looked through now"));
    await see(failed.getByText("Mail 1 in INBOX", { exact: true }));
    await failed.getByRole("button", { name: "Leave it: Mail 1 in INBOX" }).click();
    await see(failed.getByText("None has failed any more."));
    await failed.getByRole("button", { name: "Close" }).last().click();
    await page.getByText(/ · 1 failed$/).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete Odd" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await see(page.getByText("No mailboxes yet"));
  },

  async "devices may send mail here from when that is said until it is taken back"({ page, url }) {
    const off = page.getByText("Switched off · as in the configuration", { exact: true });
    await see(off);
    await page.getByRole("button", { name: "Set up the listener" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Let devices send mail here").check();
    const port = dialog.getByLabel("Port", { exact: true });
    await port.fill(new URL(url).port); // this page has it
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText("choose another", { exact: true }));
    await port.fill("0"); // any that is free
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    const listens = page.getByText(/^Listens at 127\.0\.0\.1:\d+ · changed here/);
    await see(listens);
    const [, given] = /:(\d+) /.exec(await listens.textContent());
    assert.match(await greetingAt(given), /^220 /);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Back to the configuration" }).click();
    await see(off);
  },
};
