// A simulated network scanner with a stack of mixed paper in its feeder: tests/support/mixed_stack.py.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../support/mixed_stack.py", import.meta.url));

export class Feeder {
  /** Once it can be scanned from by a service whose `scanners.configuration` is `configuration`. */
  static async start() {
    const feeder = new Feeder(await mkdtemp(join(tmpdir(), "muniment-feeder-")));
    await new Promise((resolve, reject) => {
      let complaint = "";
      feeder.child.stdout.once("data", resolve);
      feeder.child.stderr.on("data", (text) => { complaint += text; });
      feeder.child.once("exit", (status) => reject(new Error(`the simulated scanner ended with ${status}:\n${complaint}`)));
    });
    return feeder;
  }

  constructor(configuration) {
    this.configuration = configuration;
    this.child = spawn("python3", [program, configuration], { stdio: ["pipe", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.child.once("exit", resolve));
  }

  async stop() {
    this.child.stdin.end();
    await this.ended;
    await rm(this.configuration, { recursive: true, force: true });
  }
}
