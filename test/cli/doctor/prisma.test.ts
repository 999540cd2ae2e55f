import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createMigratedDatabase } from "../../migrate/empty-database.js";
import { diagnose, type Finding } from "./diagnose.js";

const SUPPORTED = "^6.19.0 || ^7.0.0";

/** A folder in which some packages are installed, by name and version, and a lock file. It is removed after the test. */
async function folderWith(versions: Readonly<Record<string, string>>, lockFile?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-doctor-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  if (lockFile !== undefined) await writeFile(join(folder, lockFile), "");
  for (const [name, version] of Object.entries(versions)) {
    await mkdir(join(folder, "node_modules", name), { recursive: true });
    await writeFile(join(folder, "node_modules", name, "package.json"), JSON.stringify({ name, version }));
  }
  return folder;
}

describe("hephaestus-prisma doctor on the installed Prisma", () => {
  let url: string;
  beforeAll(async () => {
    url = await createMigratedDatabase();
  });

  const prismaFindings = async (versions: Readonly<Record<string, string>>, lockFile?: string): Promise<Finding[]> => {
    const { findings } = await diagnose(url, [], { cwd: await folderWith(versions, lockFile), env: { npm_config_user_agent: undefined } });
    return findings.filter(({ check }) => check.startsWith("prisma"));
  };

  it("is tested with the versions that package.json names", async () => {
    const manifest = JSON.parse(await readFile("package.json", "utf8")) as { peerDependencies: Record<string, string> };
    expect(manifest.peerDependencies["@prisma/adapter-pg"]).toBe(SUPPORTED);
  });

  it("notes that nothing is installed", async () => {
    expect(await prismaFindings({})).toEqual([
      {
        check: "prisma",
        ok: "note",
        found: "@prisma/client not installed, prisma not installed",
        expected: `${SUPPORTED}, both the same`,
        fix: "run this in the folder of your project",
      },
    ]);
  });

  it.each([
    [{ "@prisma/client": "7.10.1" }],
    [{ "@prisma/client": "7.10.1", prisma: "7.10.1" }],
    [{ "@prisma/client": "7.99.0", prisma: "7.99.0" }],
    [{ "@prisma/client": "6.19.3", prisma: "6.19.3" }],
    [{ "@prisma/client": "7.10.0", prisma: "8.0.0-rc.19", "@prisma/prisma7": "7.10.0" }],
  ])("accepts %j", async (versions) => {
    expect(await prismaFindings(versions)).toMatchObject([{ ok: true, fix: null }]);
  });

  it.each([
    ["a patch that differs", { "@prisma/client": "7.10.1", prisma: "7.10.0" }, "note", "npm install --save-dev prisma@7.10.1"],
    ["a minor version that differs", { "@prisma/client": "7.10.1", prisma: "7.9.0" }, false, "npm install --save-dev prisma@7.10.1"],
    ["a CLI without a client", { prisma: "7.10.0" }, "note", "npm install @prisma/client@7.10.0"],
    ["Prisma 5", { "@prisma/client": "5.22.0" }, "note", "npm install @prisma/client@7\nnpm install --save-dev prisma@7"],
    ["an early Prisma 6", { "@prisma/client": "6.18.0" }, "note", "npm install @prisma/client@7\nnpm install --save-dev prisma@7"],
    [
      "another version of @prisma/prisma7",
      { "@prisma/client": "7.9.0", "@prisma/prisma7": "7.10.0" },
      false,
      "npm install --save-dev @prisma/prisma7@7.9.0",
    ],
  ] as const)("reports %s", async (_, versions, ok, fix) => {
    expect(await prismaFindings(versions)).toMatchObject([{ ok, fix }]);
  });

  it("says what to do in a project of Prisma 8", async () => {
    expect(await prismaFindings({ prisma: "8.0.0-rc.19" })).toMatchObject([
      {
        ok: "note",
        found: "@prisma/client not installed, prisma 8.0.0-rc.19",
        fix: expect.stringMatching(/^Prisma 8 has no Prisma Client\..*\n {2}npm install --save-dev @prisma\/prisma7@7\n/) as string,
      },
    ]);
  });

  it.each([
    ["pnpm-lock.yaml", "pnpm add --save-dev prisma@7.10.1"],
    ["yarn.lock", "yarn add --dev prisma@7.10.1"],
    ["bun.lock", "bun add --dev prisma@7.10.1"],
    ["package-lock.json", "npm install --save-dev prisma@7.10.1"],
  ])("names the package manager whose lock file is %s", async (lockFile, fix) => {
    expect(await prismaFindings({ "@prisma/client": "7.10.1", prisma: "7.10.0" }, lockFile)).toMatchObject([{ fix }]);
  });
});
