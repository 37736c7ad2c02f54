// A real service on a fresh data directory, and its end.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Starts the program named by MUNIMENT_BINARY, or the release build. */
export async function startService() {
  const data = await mkdtemp(join(tmpdir(), "muniment-browser-"));
  const binary = process.env.MUNIMENT_BINARY ?? join(root, "build/release/bin/muniment");
  const child = spawn(binary, ["--data", data, "serve", "--listen", "127.0.0.1:0"], {
    env: { ...process.env, MUNIMENT_PAGE_DIRECTORY: join(root, "webui/app/dist") }, stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let stopping = false;
  child.once("exit", (status, signal) => {
    if (!stopping) console.log(`FAILED  the service ended by itself: ${signal ?? status}\n${said.slice(-20000)}`);
  });
  const stop = async () => {
    stopping = true;
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(force);
    await rm(data, { recursive: true, force: true });
  };
  let said = "";
  child.stderr.on("data", (text) => { said += text; });
  const started = new Promise((resolve, reject) => {
    const look = () => {
      const url = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      const code = /give the code (\S+)/.exec(said)?.[1];
      if (url && code) resolve({ url, code, stop });
    };
    child.stdout.on("data", (text) => { said += text; look(); });
    child.once("error", reject);
    child.once("exit", (status) => reject(new Error(`the service ended with ${status}:\n${said}`)));
    setTimeout(() => reject(new Error(`the service did not start within a minute:\n${said}`)), 60_000).unref();
  });
  return started.catch(async (error) => {
    await stop();
    throw error;
  });
}
