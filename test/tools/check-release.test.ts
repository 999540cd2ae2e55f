import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../examples/run-example.js";

const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { version: string };
const check = (tag: string): string =>
  spawnSync(process.execPath, ["--import", "tsx", "tools/check-release.ts", tag], { cwd: ROOT, encoding: "utf8" }).stderr;

describe("the release workflow", () => {
  it("rejects a tag that isn't the package's version", () => {
    expect(check("v9.9.9")).toContain(`the tag is v9.9.9, and package.json says ${version}: expected v${version}`);
    expect(check(`v${version}`)).not.toContain("the tag is");
  });

  it("rejects a version without a section in the changelog", () => {
    const has = readFileSync(`${ROOT}CHANGELOG.md`, "utf8").includes(`\n## ${version} `);
    expect(check(`v${version}`).includes("CHANGELOG.md has no section")).toBe(!has);
  });

  it("rejects a package whose repository has no owner yet", () => {
    const isOpen = readFileSync(`${ROOT}package.json`, "utf8").includes("OWNER-TO-BE-SET");
    expect(check(`v${version}`).includes("OWNER-TO-BE-SET")).toBe(isOpen);
  });

  it("publishes with provenance by OIDC, and without a token", () => {
    const workflow = parse(readFileSync(`${ROOT}.github/workflows/release.yml`, "utf8")) as {
      jobs: { publish: { permissions: object; steps: { run?: string; env?: object }[] } };
    };
    const { permissions, steps } = workflow.jobs.publish;
    expect(permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(steps.at(-1)).toEqual({ run: "npm publish --provenance --access public" });
    expect(steps.map(({ run }) => run)).toContain('npx tsx tools/check-release.ts "$GITHUB_REF_NAME"');
  });
});
