import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const HOST = fileURLToPath(new URL("program-host-process.js", import.meta.url));

/** How the program ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command line, and where and with which variables it runs. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

let host: Promise<ChildProcess> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs command lines one after another in one process for each test file. A process for each would load the program each
 * time, which takes longer than most of them run.
 */
export function runInHost(line: CommandLine): Promise<Ended> {
  const ended = last.then(async () => send(await (host ??= startHost()), line));
  last = ended.catch(() => {});
  return ended;
}

async function startHost(): Promise<ChildProcess> {
  const child = fork(HOST, { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
  await response(child);
  return child;
}

function send(child: ChildProcess, line: CommandLine): Promise<Ended> {
  const ended = response(child);
  child.send(line);
  return ended as Promise<Ended>;
}

/** The next message of the process, which keeps the tests' own process alive only until then. */
function response(child: ChildProcess): Promise<unknown> {
  child.ref();
  child.channel?.ref();
  return new Promise((resolve, reject) => {
    const died = (code: number | null): void => reject(new Error(`the process of the program has ended with ${code}`));
    child.once("exit", died);
    child.once("message", (message) => {
      child.off("exit", died);
      child.unref();
      child.channel?.unref();
      resolve(message);
    });
  });
}
