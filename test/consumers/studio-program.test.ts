import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPostgresDatabase } from "../database.js";
import { query } from "../migrate/empty-database.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Running {
  readonly program: ChildProcess;
  readonly output: string;
  readonly studioUrl: string;
}

/** Runs what `npm run studio` runs, until it has printed Studio's address. */
async function start(databaseUrl: string | undefined): Promise<Running> {
  const program = spawn(process.execPath, ["--import", "tsx", "tools/studio.ts"], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void program.kill("SIGTERM"));
  let output = "";
  for await (const chunk of program.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    const [, studioUrl] = /Prisma Studio: (\S+)\nOn its page SQL: SELECT .+\nCtrl-C ends it\.\n/.exec(output) ?? [];
    if (studioUrl !== undefined) return { program, output, studioUrl };
  }
  throw new Error(`the program has ended:\n${output}`);
}

async function end({ program }: Running, signal: NodeJS.Signals): Promise<number | null> {
  program.kill(signal);
  if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
  return program.exitCode;
}

describe("npm run studio", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("shows its own sample instances, and leaves nothing behind after %s", async (signal) => {
    const running = await start(undefined);
    const [, databaseUrl = ""] = /PostgreSQL with sample instances: (\S+)/.exec(running.output) ?? [];
    expect((await fetch(running.studioUrl)).status).toBe(200);
    expect(await query(databaseUrl, "SELECT count(*)::int AS instances FROM workflow_instance_overview")).toEqual([{ instances: 8 }]);
    const [setting] = await query(databaseUrl, "SHOW data_directory");
    expect(existsSync(String(setting?.data_directory))).toBe(true);

    expect(await end(running, signal)).toBe(0);
    await expect(fetch(running.studioUrl)).rejects.toThrow("fetch failed");
    await expect(query(databaseUrl, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(existsSync(String(setting?.data_directory))).toBe(false);
  });

  it("opens the database of DATABASE_URL, and writes nothing there", async () => {
    const database = await createPostgresDatabase();
    const running = await start(database.url);
    expect(running.output).toContain("PostgreSQL of DATABASE_URL.");
    expect((await fetch(running.studioUrl)).status).toBe(200);
    expect(await end(running, "SIGTERM")).toBe(0);
    await expect(fetch(running.studioUrl)).rejects.toThrow("fetch failed");
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
    await database.close();
  });
});
