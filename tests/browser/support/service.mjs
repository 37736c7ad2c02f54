// A real service on a data directory of its own, and its end.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const binary = process.env.MUNIMENT_BINARY ?? join(root, "build/release/bin/muniment");
const environment = {
  ...process.env, MUNIMENT_PAGE_DIRECTORY: join(root, "webui/app/dist"), MUNIMENT_INTAKE_FREE_DISK: "0", MUNIMENT_INTAKE_FREE_DISK_PERCENT: "0",
  MUNIMENT_SCANNERS_CONFIGURATION: join(root, "tests/support/sane"),
  MUNIMENT_DEMONSTRATION: "yes", // so that days can pass
};

export class Service {
  /** Starts the program named by MUNIMENT_BINARY, or the release build, with these settings too. `code` is for making the first account. */
  static async start(settings = {}) {
    const service = new Service(await mkdtemp(join(tmpdir(), "muniment-browser-")), settings);
    try {
      await service.run("127.0.0.1:0");
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  /** On an archive that is there already, and stays. */
  static async over(data, settings = {}) {
    const service = new Service(data, settings);
    service.stays = true;
    await service.run("127.0.0.1:0");
    return service;
  }

  constructor(data, settings) {
    this.data = data;
    this.stays = false;
    this.environment = { ...environment, ...settings };
    this.url = "";
    this.code = "";
  }

  async run(listen) {
    this.child = spawn(binary, ["--data", this.data, "serve", "--listen", listen], { env: this.environment, stdio: ["ignore", "pipe", "pipe"] });
    this.stopping = false;
    let said = "";
    const child = this.child;
    this.ended = new Promise((resolve) => child.once("exit", resolve));
    child.once("exit", (status, signal) => {
      if (!this.stopping) console.log(`FAILED  the service ended by itself: ${signal ?? status}\n${said.slice(-20000)}`);
    });
    child.stderr.on("data", (text) => { said += text; });
    await new Promise((resolve, reject) => {
      child.stdout.on("data", (text) => {
        said += text;
        this.url = /listening on (http:\/\/\S+)/.exec(said)?.[1] ?? "";
        this.code = /give the code (\S+)/.exec(said)?.[1] ?? this.code;
        if (this.url && (this.code || this.stays)) resolve();
      });
      child.once("error", reject);
      child.once("exit", (status) => reject(new Error(`the service ended with ${status}:\n${said}`)));
      setTimeout(() => reject(new Error(`the service did not start within five minutes:\n${said}`)), 300_000).unref();
    });
  }

  /** Ends it gracefully and starts it again on the same data and address. */
  async restart() {
    await this.end();
    await this.run(new URL(this.url).host);
  }

  async end() {
    this.stopping = true;
    this.child?.kill("SIGTERM");
    const force = setTimeout(() => this.child?.kill("SIGKILL"), 60_000);
    await this.ended;
    clearTimeout(force);
  }

  async stop() {
    await this.end();
    if (!this.stays) await rm(this.data, { recursive: true, force: true });
  }

  /** How the command line of its archive begins. */
  commandLine() {
    return [binary, "--data", this.data];
  }

  /** Runs the command line beside the service; what it printed. */
  command(...words) {
    const [program, ...options] = this.commandLine();
    const done = spawnSync(program, [...options, ...words], { env: this.environment, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`muniment ${words.join(" ")}: ${done.status}\n${done.stderr}`);
    return done.stdout.trim();
  }
}
