import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.js";

/** Prisma Studio on a database, in a process of its own. */
export interface Studio {
  readonly url: string;
  /** Settles when the process has ended, whoever ended it. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PRISMA = fileURLToPath(new URL("../node_modules/prisma/build/index.js", import.meta.url));

/** Starts Prisma Studio on 127.0.0.1. It serves its own scripts: the browser needs no other host. */
export async function startStudio(databaseUrl: string): Promise<Studio> {
  const port = await freePort();
  // The database goes by the environment: a password on a command line is there for all users of the machine to read.
  const child = spawn(process.execPath, [PRISMA, "studio", "--port", String(port), "--browser", "none"], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: databaseUrl, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  let running = true;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      running = false;
      resolve();
    });
  });
  const abandon = (): void => void child.kill("SIGKILL");
  process.once("exit", abandon);

  const url = `http://127.0.0.1:${port}`;
  while (!(await responds(url))) {
    if (!running) throw new Error(`Prisma Studio did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url,
    exited,
    async stop() {
      process.removeListener("exit", abandon);
      child.kill("SIGKILL"); // asked to end in order, it would wait for every browser to leave
      await exited;
    },
  };
}

function responds(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
