import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../../database.js";
import { databaseOn } from "../../storage-on.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

describe("docs/testing.md shows", () => {
  const database = databaseOn(preparePostgresDatabase);

  it.each([
    ["stuck-orders.ts", 1],
    ["own-client.ts", 300],
  ])("%s, which passes under node:test", async (file, atLeast) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--test", "--test-reporter=tap", `examples/testing/${file}`],
      { cwd: ROOT, env: { ...process.env, TEST_DATABASE_URL: database.url }, maxBuffer: 2 ** 24 },
    );
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(atLeast);
  });
});
