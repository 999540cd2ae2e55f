import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { codeOf, readDocument } from "../../tools/snippets.js";
import { start } from "../cli/program.js";
import { type Project, projectOf } from "../cli/project.js";
import { newDatabaseUrl } from "../migrate/empty-database.js";

const GUIDE = "docs/new-project.md";
// The project links to the packages of this checkout, instead of installing them from the registry.
const INSTALLED = ["prisma", "@prisma", "pg", "dotenv", "tsx", "hephaestus-prisma"];
const NOT_RUN = /^(npm install |npx prisma studio)/;

// The README's commands, performed in an empty folder. The guide begins with the same, so its test goes on from there.
const install = codeOf("README.md", "sh").find((code) => code.includes("npx prisma migrate deploy")) ?? "";
const commands = runnable(install);
let project: Project;
let remove: () => Promise<void>;
beforeAll(async () => {
  project = await projectOf({}, INSTALLED, (end) => (remove = end));
  const url = newDatabaseUrl();
  for (const command of commands) {
    await perform(command, project, url);
    if (command.startsWith("npx prisma init")) await project.write({ ".env": `DATABASE_URL="${url}"\n` });
  }
});
afterAll(() => remove());

it("the README's Install leads from an empty folder to a migrated table, command by command", async () => {
  expect(commands).toHaveLength(6);
  expect(await perform("npx hephaestus-prisma doctor", project)).toMatch(/\nall is well(, \d+ notes?)?\n$/);
});

it("the guide leads from an empty folder to a stored instance, command by command", async () => {
  const all = codeOf(GUIDE, "sh").flatMap(runnable);
  expect(all.filter((command) => command.startsWith("npx"))).toHaveLength(7);
  expect(all.slice(0, commands.length)).toEqual(commands);
  await project.write({ "quick-start.ts": quickStart() });
  const outputs = new Map<string, string>();
  for (const command of all.slice(commands.length)) outputs.set(command, await perform(command, project));
  expect(outputs.get("npx tsx --env-file=.env quick-start.ts")).toBe("order::4711 is waiting at payment\norder::4711 is gone\n");
  expect(outputs.get("npx hephaestus-prisma doctor")).toMatch(/\nall is well(, \d+ notes?)?\n$/);
});

function runnable(code: string): string[] {
  return code.split("\n").filter((command) => !NOT_RUN.test(command));
}

/** The README's quick start with the path that the guide gives. */
function quickStart(): string {
  const [code = ""] = codeOf("README.md", "ts");
  expect(readDocument(GUIDE)).toContain("`./generated/prisma/client.js`");
  return code.replace("../generated/prisma/client.js", "./generated/prisma/client.js");
}

async function perform(command: string, project: Project, url?: string): Promise<string> {
  const [program = "", ...args] = command.replace(/^npx /, "").split(" ");
  if (program === "prisma") {
    const { code, output } = await project.prisma(args, url);
    expect(code, output).toBe(0);
    return output;
  }
  if (program === "hephaestus-prisma") {
    const { code, out, err } = await start(args, undefined, { cwd: project.folder }).ended;
    expect(code, out + err).toBe(0);
    return out;
  }
  const [file, options] = program === "tsx" ? [process.execPath, ["--import", "tsx", ...args]] : [program, args];
  return (await promisify(execFile)(file, options, { cwd: project.folder })).stdout;
}
