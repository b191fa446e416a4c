// The real program: `pinward demo` on a terminal of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
    for (let waited = 0; waited < 30000; waited += 20) {
      const found = pattern.exec(this.seen.slice(from));
      if (found) return found;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`the program never said ${pattern}:\n${this.seen}`);
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

  /** The outcome of a logon, as a telephone would get it. */
  async logOn(user, pin) {
    const said = await this.shell(`Test-CsPhoneBootstrap -PhoneOrExt "${user}" -Pin ${pin} | Format-List`);
    return /^Error\s*: (\w+)/m.exec(said)?.[1] ?? /^Result\s*: (\w+)/m.exec(said)?.[1] ?? said;
  }

  async stop() {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.stdin.write("exit\n");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 10000);
    await ended;
    clearTimeout(late);
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
