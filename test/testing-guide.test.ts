import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "./database.js";
import { databaseOn } from "./storage-on.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = "examples/testing";

describe("docs/testing.md", () => {
  const database = databaseOn(preparePostgresDatabase);

  it.each(readdirSync(`${ROOT}${FOLDER}`))("shows %s as it is", (file) => {
    const code = readFileSync(`${ROOT}${FOLDER}/${file}`, "utf8").trim();
    expect(readFileSync(`${ROOT}docs/testing.md`, "utf8")).toContain(`\`\`\`ts\n${code}\n\`\`\``);
  });

  it.each([
    ["stuck-orders.ts", 1],
    ["own-client.ts", 300],
  ])("shows %s, which passes under node:test", async (file, atLeast) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--test", "--test-reporter=tap", `${FOLDER}/${file}`],
      { cwd: ROOT, env: { ...process.env, TEST_DATABASE_URL: database.url }, maxBuffer: 2 ** 24 },
    );
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(atLeast);
  });
});
