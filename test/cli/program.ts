import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How the program ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Where and with what the program runs. */
export interface Surroundings {
  readonly cwd?: string;
  /** Another copy of the program than the checkout's. */
  readonly program?: string;
  /** On top of this process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the built `hephaestus-prisma`, with a database as `DATABASE_URL`, or without one. */
export function start(
  args: readonly string[],
  url?: string,
  { cwd, program = PROGRAM, env }: Surroundings = {},
): { kill(signal: NodeJS.Signals): void; stopReading(): void; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, DATABASE_URL: url, ...env } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return {
    kill: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout.destroy(),
    ended: once(child, "close").then(() => ({ code: child.exitCode, out, err })),
  };
}

/** Runs it to its end. */
export function run(args: readonly string[], url?: string, surroundings?: Surroundings): Promise<Ended> {
  return start(args, url, surroundings).ended;
}
