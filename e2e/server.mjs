// The real program: `pinward demo` on a terminal of its own.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const program = process.env.PINWARD ?? new URL("../target/debug/pinward", import.meta.url).pathname;
export const password = "litware";

export class Demo {
  static async start() {
    const demo = new Demo();
    demo.scratch = mkdtempSync(join(tmpdir(), "pinward-e2e-"));
    demo.seen = "";
    // The shell is for people: it wants a terminal, which script(1) makes.
    demo.child = spawn("script", ["-qec", `${program} demo`, "/dev/null"], {
      env: { ...process.env, TMPDIR: demo.scratch, TERM: "dumb", NO_COLOR: "1", HOME: demo.scratch },
      stdio: ["pipe", "pipe", "inherit"],
    });
    demo.child.stdout.on("data", (bytes) => { demo.seen += bytes; });
    const [, url] = await demo.until(/serves at (http:\/\/\S+)/);
    demo.url = url;
    await demo.until(/johnsmith {2}/);
    return demo;
  }

  async until(pattern, from = 0) {
    const end = Date.now() + 120000;
    for (;;) {
      const found = pattern.exec(this.seen.slice(from));
      if (found) return found;
      if (Date.now() > end) throw new Error(`the program never said ${pattern}:\n${this.seen}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Runs a line at the shell and waits until it is done; what it said. */
  async shell(line) {
    const from = this.seen.length;
    const mark = `done${Math.floor(Math.random() * 1e9)}`;
    // What is typed is echoed: only the answer has the two halves together.
    this.child.stdin.write(`${line}; "${mark.slice(0, 4)}" + "${mark.slice(4)}"\n`);
    await this.until(new RegExp(mark), from);
    return this.seen.slice(from);
  }

  /** A new client of the API: its key. */
  async client(name, rights) {
    // The demo has a folder of its own in the scratch folder that it was given.
    const folder = readdirSync(this.scratch).find((one) => one.startsWith("pinward-demo-"));
    const asked = ["--data", join(this.scratch, folder), "client", "add", name, "--rights", rights, "--json"];
    const { stdout } = await promisify(execFile)(program, asked);
    return JSON.parse(stdout).key;
  }

  /** Asks the API with a key: the status, and what stands in the answer. */
  async api(key, method, path, body) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text && JSON.parse(text) };
  }

  /** The outcome of a logon, as a telephone system gets it that is trusted with reasons. */
  async logOn(user, pin) {
    this.switchboard ??= await this.client("switchboard", "trusted-logon");
    const { status, body } = await this.api(this.switchboard, "POST", "/logon", { user, pin });
    return status === 200 ? body.outcome : `${status} ${body.code}`;
  }

  async stop() {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.stdin.write("exit\n");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 60000);
    await ended;
    clearTimeout(late);
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
