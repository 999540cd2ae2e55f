import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { describe, expect, it } from "vitest";
import { startPostgres } from "../../tools/postgres-server.js";
import { audit, emptyTally, runWriters } from "../../tools/writers.js";
import { ways } from "../../tools/ways.js";

const CRASHES = 10;

describe.each(ways)("when PostgreSQL under $way is killed with SIGKILL under load and started again", ({ coalesces, connect }) => {
  it(`${CRASHES} times, every acknowledged write is there, none is torn, and no update is lost or counted twice`, async () => {
    const server = await startPostgres();
    await deployMigrations(new PrismaPg({ connectionString: server.url() }));
    const connected = connect({ connectionString: server.url(), max: 8 });
    const retry = { attempts: 20, minDelayMs: 20, maxDelayMs: 500 };
    const storage = connected.storage({ retry });
    const coalescing = connected.storage({ coalesceWrites: coalesces, retry });
    const controller = new AbortController();
    const tally = emptyTally();
    const writing = runWriters(storage, coalescing, 12, controller.signal, tally);
    for (let crash = 0; crash < CRASHES; crash++) {
      const before = tally.acknowledged;
      while (tally.acknowledged < before + 50) await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 5))]);
      await server.kill();
      await server.start();
    }
    controller.abort();
    await writing;

    expect(tally.acknowledged).toBeGreaterThanOrEqual(CRASHES * 50);
    expect(await audit(storage, tally)).toEqual({ lost: [], appliedTwice: 0, torn: [] });
    expect(tally.conflicts).toBe(0);
    await connected.close();
    await server.stop();
  }, 180_000);
});
