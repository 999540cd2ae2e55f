// An external service: a shop that charges, packs and ships once for each idempotency key. It is the parent process, so
// that it survives its workers. They call it over IPC, as they would call a payment provider over HTTP.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Task } from "./machine.js";

/** One request to the shop. */
export interface Request extends Task {
  readonly worker: string;
  /** Whether the step was done before, so that the shop only sent its receipt again. */
  readonly repeated: boolean;
}

export interface WorkerProcess {
  readonly name: string;
  /** Kills it with SIGKILL: it can't clean up. */
  kill(): Promise<void>;
  /** Resolves to its output once it has ended. */
  readonly ended: Promise<string>;
}

export class Shop {
  /** Every request, in the order of arrival. */
  readonly requests: Request[] = [];
  readonly #receipts = new Map<string, string>();
  readonly #databaseUrl: string;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Starts a worker. The reply to each request is sent when `beforeReply` resolves. Default: at once. */
  startWorker(name: string, beforeReply?: (request: Request, worker: WorkerProcess) => Promise<void>): WorkerProcess {
    const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, DATABASE_URL: this.#databaseUrl, WORKER: name },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    const worker = { name, kill: () => kill(child), ended: output(child) };
    child.on("message", (task: Task) => {
      const { request, receipt } = this.#do(task, name);
      void (beforeReply?.(request, worker) ?? Promise.resolve()).then(() => child.connected && child.send(receipt));
    });
    return worker;
  }

  #do({ order, step }: Task, worker: string): { request: Request; receipt: string } {
    const key = `${step} ${order}`;
    const known = this.#receipts.get(key);
    const receipt = known ?? `receipt ${this.#receipts.size + 1}`;
    this.#receipts.set(key, receipt);
    const request = { order, step, worker, repeated: known !== undefined };
    this.requests.push(request);
    return { request, receipt };
  }
}

/** In a worker: asks the shop to perform a task, and returns its receipt. */
export async function askShop(task: Task): Promise<string> {
  process.send?.(task);
  const reply: unknown[] = await once(process, "message");
  return String(reply[0]);
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

async function output(child: ChildProcess): Promise<string> {
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await once(child, "close");
  return printed;
}
