// A mail server (IMAP) with one mail in the folder INBOX, which it never gives away; and what servers say first.
import { connect, createServer } from "node:net";
import { once } from "node:events";

const answers = [
  ["CAPABILITY", "* CAPABILITY IMAP4rev1\r\n"],
  ["SELECT", "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] numbered\r\n"],
  ["UID FETCH 1:*", "* 1 FETCH (UID 1 RFC822.SIZE 30)\r\n"],
  ["UID FETCH 2:*", "* 1 FETCH (UID 1 RFC822.SIZE 30)\r\n"],
  ["UID FETCH 1 (UID RFC", "* 1 FETCH (UID 1 RFC822.SIZE 30)\r\n"],
];

function answer(line) {
  const tag = line.split(" ", 1)[0];
  const command = line.slice(tag.length + 1);
  if (command.startsWith("UID FETCH 1 (UID BODY")) return `${tag} NO [SERVERBUG] it cannot be read today\r\n`;
  const found = answers.find(([start]) => command.startsWith(start));
  return `${found ? found[1] : ""}${tag} OK done\r\n`;
}

export async function refusingMailServer() {
  const server = createServer((client) => {
    let heard = "";
    client.on("error", () => client.destroy());
    client.on("data", (piece) => {
      const lines = (heard + piece).split("\r\n");
      heard = lines.pop();
      for (const line of lines) client.write(answer(line));
    });
    client.write("* OK ready\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return { port: server.address().port };
}

/** What whoever listens at that port of this machine says to somebody new. */
export async function greetingAt(port) {
  const client = connect(Number(port), "127.0.0.1");
  const [said] = await once(client, "data");
  client.destroy();
  return said.toString();
}
