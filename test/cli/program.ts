import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Ended, runInHost } from "./program-host.js";

export type { Ended } from "./program-host.js";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Where and with what the program runs. */
export interface Surroundings {
  readonly cwd?: string;
  /** Another copy of the program than the checkout's. */
  readonly program?: string;
  /** On top of this process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the built `hephaestus-prisma` as a process of its own, with a database as `DATABASE_URL`, or without one. */
export function start(
  args: readonly string[],
  url?: string,
  { cwd, program = PROGRAM, env }: Surroundings = {},
): { kill(signal: NodeJS.Signals): void; stopReading(): void; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, DATABASE_URL: url, ...env } });
  return {
    kill: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout.destroy(),
    ended: ended(child),
  };
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
  await once(child, "close");
  return { code: child.exitCode, out, err };
}

/** Runs it to its end: the checkout's in one process for all command lines of a test file, another copy in one of its own. */
export function run(args: readonly string[], url?: string, surroundings: Surroundings = {}): Promise<Ended> {
  const { cwd = process.cwd(), program, env } = surroundings;
  if (program !== undefined) return start(args, url, surroundings).ended;
  return runInHost({ args, cwd, env: { ...process.env, DATABASE_URL: url, ...env } });
}

/** A terminal, and what the program that runs on it gets. */
export interface Screen {
  readonly columns: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs it on a terminal of its own, which `script` of util-linux makes, and returns what is written there, stderr included. */
export async function runOnTerminal(args: readonly string[], url: string, { columns, env }: Screen): Promise<string> {
  const command = `stty cols ${columns} && exec ${[process.execPath, PROGRAM, ...args].map(shellWord).join(" ")}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    env: { ...process.env, NO_COLOR: undefined, SHELL: "/bin/sh", DATABASE_URL: url, ...env },
  });
  return (await ended(child)).out.replaceAll("\r\n", "\n");
}

/** Runs a command line that the program has printed, as a shell reads it. */
export async function runInShell(line: string, url: string): Promise<Ended> {
  const command = line.replace(/^npx hephaestus-prisma /, () => `${shellWord(process.execPath)} ${shellWord(PROGRAM)} `);
  return ended(spawn("/bin/sh", ["-c", command], { env: { ...process.env, DATABASE_URL: url } }));
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
