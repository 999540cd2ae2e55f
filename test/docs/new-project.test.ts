import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { codeOf, readDocument } from "../../tools/snippets.js";
import { start } from "../cli/program.js";
import { type Project, projectOf } from "../cli/project.js";
import { newDatabaseUrl } from "../migrate/empty-database.js";

const GUIDE = "docs/new-project.md";
// The project links to the packages of this checkout, instead of installing them from the registry.
const INSTALLED = ["prisma", "@prisma", "pg", "dotenv", "tsx", "hephaestus-prisma"];
const NOT_RUN = /^(npm install |npx prisma studio)/;

it("the README's Install leads from an empty folder to a migrated table, command by command", async () => {
  const project = await projectOf({}, INSTALLED);
  const url = newDatabaseUrl();
  const install = codeOf("README.md", "sh").find((code) => code.includes("npx prisma migrate deploy")) ?? "";
  const commands = install.split("\n").filter((command) => !NOT_RUN.test(command));
  for (const command of commands) {
    await perform(command, project, url);
    if (command.startsWith("npx prisma init")) await project.write({ ".env": `DATABASE_URL="${url}"\n` });
  }
  expect(commands).toHaveLength(6);
  expect(await perform("npx hephaestus-prisma doctor", project, url)).toMatch(/^ok  migration \d{14}_hephaestus_overview: applied$/m);
});

it("the guide leads from an empty folder to a stored instance, command by command", async () => {
  const project = await projectOf({}, INSTALLED);
  const url = newDatabaseUrl();
  const lines = codeOf(GUIDE, "sh").flatMap((code) => code.split("\n"));
  const commands = lines.filter((command) => !NOT_RUN.test(command));
  const outputs = new Map<string, string>();
  for (const command of commands) {
    outputs.set(command, await perform(command, project, url));
    if (command.startsWith("npx prisma init")) await project.write({ ".env": `DATABASE_URL="${url}"\n`, "quick-start.ts": quickStart() });
  }
  expect([...outputs.keys()].filter((command) => command.startsWith("npx"))).toHaveLength(7);
  expect(outputs.get("npx tsx --env-file=.env quick-start.ts")).toBe("order::4711 is waiting at payment\norder::4711 is gone\n");
  expect(outputs.get("npx hephaestus-prisma doctor")).toMatch(/^ok  migration \d{14}_hephaestus_overview: applied$/m);
});

/** The README's quick start with the path that the guide gives. */
function quickStart(): string {
  const [code = ""] = codeOf("README.md", "ts");
  expect(readDocument(GUIDE)).toContain("`./generated/prisma/client.js`");
  return code.replace("../generated/prisma/client.js", "./generated/prisma/client.js");
}

async function perform(command: string, project: Project, url: string): Promise<string> {
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
