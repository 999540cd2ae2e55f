import { execFileSync } from "node:child_process";
import { arch, cpus, platform } from "node:os";

/** When, where and by which command something was measured. */
export interface Conditions {
  /** The day, as `2026-11-23`. */
  readonly date: string;
  /** The commit of the checkout, with `-dirty` if it had changes. */
  readonly commit: string;
  readonly command: string;
  readonly machine: string;
  readonly node: string;
  readonly postgres: string;
}

// Flags that change where the figures are written, but not what is measured.
const OUTPUT = /^--(?:json|write|no-write)\b/;

/** The conditions of this process, except the server. Read at the start of a run: the checkout may change during it. */
export function currentConditions(script: string): Omit<Conditions, "postgres"> {
  const args = process.argv.slice(2).filter((arg, index, all) => !OUTPUT.test(arg) && all[index - 1] !== "--json");
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: currentCommit(),
    command: [`npm run ${script}`, ...(args.length > 0 ? ["--", ...args] : [])].join(" "),
    machine: `${cpus().length} cores (${platform()}, ${arch()})`,
    node: process.versions.node,
  };
}

/** The sentence that stands above the figures in the document. */
export function describeConditions({ date, commit, command, machine, node, postgres }: Conditions): string {
  return `Measured on ${date} at commit ${commit} by \`${command}\`, on ${machine} with Node ${node} and PostgreSQL ${postgres}. Client and server share the machine.`;
}

function currentCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "-dirty"}`;
  } catch {
    return "unknown"; // no git, or no checkout
  }
}
