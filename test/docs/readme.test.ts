import { mkdir, rm, writeFile } from "node:fs/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type SummaryPage } from "hephaestus-prisma";
import ts from "typescript";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrate } from "../../examples/transactional-outbox/migrate.js";
import { readDocument, ROOT, snippetsOf } from "../../tools/snippets.js";
import { run } from "../cli/program.js";
import { connectClient, createPostgresDatabase } from "../database.js";

const README = readDocument("README.md");
// The first snippet uses a client with a model for orders, such as the outbox's.
const WITH_ORDERS = `import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage } from "hephaestus-prisma";
import { PrismaClient } from "../generated/transactional-outbox/client.js";
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.README_DATABASE_URL ?? "" }) });
const storage = createPrismaStorage(prisma);
`;

/** What a pattern captures in the rows of the README's tables. */
function rows(pattern: string): (string | undefined)[] {
  return [...README.matchAll(new RegExp(`^\\| .*?${pattern}`, "gm"))].map(([, name]) => name);
}

describe("the README's tables", () => {
  it("have every method of a storage", () => {
    const calls = Object.keys(createPrismaStorage(connectClient({})));
    expect(calls.filter((name) => !README.includes(`\`storage.${name}(`))).toEqual([]);
  });

  it("have exactly the commands that exist", async () => {
    const { out } = await run(["--help"]);
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(commands).toContain("init");
    expect(rows("`npx hephaestus-prisma ([a-z]+)").toSorted()).toEqual(commands.toSorted());
  });

  it("have a reason for every required or optional package", () => {
    const { dependencies, peerDependencies } = JSON.parse(readDocument("package.json")) as Readonly<Record<string, object>>;
    const [, section = ""] = README.split("## Dependencies");
    expect(Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !section.includes(name))).toEqual([]);
  });
});

describe("the README's first snippet", () => {
  it("is within the first 40 lines, and has no more than twelve", () => {
    const [first] = snippetsOf("README.md");
    expect(first?.line).toBeLessThan(40);
    expect(first?.code.split("\n").length).toBeLessThanOrEqual(12);
  });

  it("compiles, and stores an order with its instance", async () => {
    const database = await createPostgresDatabase();
    await migrate(new PrismaPg({ connectionString: database.url }));
    const folder = `${ROOT}.first-snippet`;
    onTestFinished(async () => {
      delete process.env.README_DATABASE_URL;
      await rm(folder, { recursive: true, force: true });
      await database.close();
    });
    await mkdir(folder, { recursive: true });
    const path = `${folder}/snippet.ts`;
    await writeFile(path, `${WITH_ORDERS}${snippetsOf("README.md")[0]?.code}\nexport { stuck };\nawait prisma.$disconnect();\n`);

    const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (file) => ts.sys.readFile(file)) as { config: object };
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
    const problems = ts.getPreEmitDiagnostics(ts.createProgram({ rootNames: [path], options }));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);

    process.env.README_DATABASE_URL = database.url;
    const { stuck } = (await import(path)) as { readonly stuck: SummaryPage };
    expect(stuck.items).toEqual([]); // it has waited for less than an hour
    expect(await database.sql("SELECT o.id, status FROM orders AS o JOIN workflow_instances AS i ON i.id = 'order::' || o.id")).toEqual([
      { id: "4711", status: "waiting" },
    ]);
  });
});
