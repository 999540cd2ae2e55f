import { afterAll, beforeAll, expect, it } from "vitest";
import { codeOf, readDocument, type Snippet, snippetsOf } from "../../../tools/snippets.js";
import { createEmptyDatabase, newDatabaseUrl, query } from "../../migrate/empty-database.js";
import { type InstalledProject, installPackage } from "./installed-project.js";

// Runs what npx would run, without npm's start-up, and what npm would install is there. Nothing is downloaded.
const SHELL = `npx() { PATH="node_modules/.bin:$PATH" "$@"; }
npm() { case $1 in install) ;; *) command npm "$@" ;; esac; }
`;
const OFFLINE = { PRISMA_ENGINES_MIRROR: "http://127.0.0.1:1", PRISMA_SCHEMA_ENGINE_BINARY: "node_modules/.bin/hephaestus-schema-engine" };
const INSTANCES = "SELECT id, status, state->>'current_step' AS step FROM workflow_instances";
const KEPT = [{ id: "order::4711", status: "waiting", step: "payment" }];

let project: InstalledProject;
beforeAll(async () => {
  project = await installPackage();
});
afterAll(() => project.remove());

/** The blocks of a section of the README, in order. */
function blocksOf(section: string): Snippet[] {
  const lines = readDocument("README.md").split("\n");
  const begin = lines.indexOf(`## ${section}`) + 1;
  const end = lines.findIndex((line, index) => index >= begin && line.startsWith("## "));
  return snippetsOf("README.md").filter(({ line }) => begin < line && line < end);
}

/** Runs a block of commands as it is printed, and returns its output. */
async function run(script: string, url?: string): Promise<string> {
  const { code, output } = await project.shell(SHELL + script, { ...OFFLINE, DATABASE_URL: url });
  expect(code, output).toBe(0);
  return output;
}

/** Without what differs from run to run: times, how long ago they are, and what a Prisma CLI says of itself. */
function steady(output: string): string {
  return output
    .replace(/^(Loaded Prisma config|.*inject).*\n+/gm, "")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z(, [\d a-z]+ ago|, now|, just now)?/g, "TIME")
    .trim();
}

it("the README's Install and Quick start lead from an empty folder to a stored instance that show prints", async () => {
  const url = newDatabaseUrl();
  for (const { language, code } of blocksOf("Install")) {
    if (language === "sh") await run(code);
    else await project.write({ ".env": `${code.replace(/postgresql:[^"]*/, url)}\n` });
  }
  const [program, commands, output] = blocksOf("Quick start");
  await project.write({ "quick-start.ts": program?.code ?? "" });
  await run("npx tsc --noEmit --strict --skipLibCheck --target esnext --module nodenext --types node quick-start.ts");
  expect(steady(await run(commands?.code ?? ""))).toBe(steady(output?.code ?? ""));
  await run(commands?.code ?? ""); // and once more
  expect(await query(url, INSTANCES)).toEqual(KEPT);
  expect(await run("npx hephaestus-prisma doctor")).toContain("all is well");
});

it("the README's commands without Prisma lead to the same row", async () => {
  const url = await createEmptyDatabase();
  const [commands = "", ...more] = codeOf("README.md", "sh").filter((code) => code.includes("psql"));
  expect(more).toEqual([]);
  const [, , migrate = "", start = "", ...others] = commands.split("\n");
  expect(others).toEqual([]);
  const [cat, psql] = migrate.split(" | ");
  expect(psql).toBe('psql "$DATABASE_URL" --single-transaction -v ON_ERROR_STOP=1');
  await query(url, `BEGIN; ${await run(cat ?? "")}; COMMIT`); // what psql sends; not every machine has it
  await project.write({ "orders.mjs": blocksOf("Without Prisma")[1]?.code ?? "" });
  expect(await run(start, url)).toBe("order::4711 is waiting\n");
  expect(await query(url, INSTANCES)).toEqual(KEPT);
  expect(await run("npx hephaestus-prisma show order::4711", url)).toMatch(/^order::4711\n/);
});
