import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "../../tools/chromium.js";
import { createProject, install, NEWEST, pack, PATIENCE, type Project } from "./consumer.js";

// What NestJS's template installs, beside a bundler: https://github.com/nestjs/schematics
const PACKAGES = [
  ...["common@12", "core@12", "platform-express@12", "testing@12"].map((name) => `@nestjs/${name}`),
  ...["reflect-metadata@0.2", "rxjs@7", "jest@30", "ts-jest@29", "@types/jest@30", "webpack@5"],
];

describe("the packed package, untransformed", { timeout: PATIENCE }, () => {
  let folder: string;
  let installed: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hephaestus-toolchains-"));
    installed = join(folder, "installed");
    await install(installed, [(await pack(folder)).tarball, ...PACKAGES]);
  }, PATIENCE);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("loads in Jest's default CommonJS, from JavaScript and through ts-jest, and keeps the contract there", async () => {
    const { node } = await createProject("jest", installed);
    expect(await node("jest/bin/jest.js")).toMatch(/Tests: +\d{2,} passed, \d{2,} total/);
  });

  it.each([
    ["commonjs", "node10"],
    ["node16", "node16"],
    ["node18", "node16"],
    ["nodenext", "nodenext"],
  ])("compiles and runs from CommonJS with TypeScript's module %s, moduleResolution %s", async (module, resolution) => {
    const { folder, node, run } = await createProject("types", installed, `types-${module}`);
    const options = ["--module", module, "--moduleResolution", resolution, "--ignoreDeprecations", "6.0"];
    const usual = ["--target", "es2023", "--strict", "--skipDefaultLibCheck", "--types", "node"];
    await node("typescript/bin/tsc", ["main.ts", ...usual, ...options]);
    expect(await run(process.execPath, [join(folder, "main.js")])).toBe("done\n");
  });

  describe("in NestJS's default template", () => {
    let nest: Project;
    beforeAll(async () => {
      nest = await createProject("nestjs", installed);
    });

    it("compiles and runs", async () => {
      await nest.node("typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
      expect(await nest.run(process.execPath, ["dist/main.js"])).toBe("started 4711\n4711 was started before\n");
    });

    it("passes the template's kind of test, by its own command", async () => {
      const jest = ["--experimental-vm-modules", join(installed, "node_modules/jest/bin/jest.js")];
      // Jest can't require NestJS 12 itself, which is of ES modules, on Node 20.
      expect(await nest.run("npx", ["-y", `node@${NEWEST[0]}`, ...jest])).toContain("1 passed, 1 total");
    });
  });

  describe("in a bundle for browsers", () => {
    let browser: Browser;
    let project: Project;
    beforeAll(async () => {
      browser = await startChromium();
      project = await createProject("browser", installed);
    });
    afterAll(() => browser.close());

    const run = async (): Promise<unknown> => {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await readFile(join(project.folder, "bundle.js"), "utf8") });
      return await page.evaluate("result");
    };
    const RESULT = [5, 0, true, ["order::ä is pending", "order::1 is running"], "InvalidIdError"];

    it("by esbuild, runs with what a page has", async () => {
      const [entry, outfile] = [join(project.folder, "main.js"), join(project.folder, "bundle.js")];
      await build({ entryPoints: [entry], outfile, bundle: true, minify: true, platform: "browser", logLevel: "silent" });
      expect(await run()).toEqual(RESULT);
    });

    it.each(["web", "webworker"])(
      "by webpack for the target %s, which Next.js takes for pages or the edge, runs with what a page has",
      async (target) => {
        await project.run(process.execPath, ["webpack.js", target]);
        expect(await run()).toEqual(RESULT);
      },
    );
  });
});
