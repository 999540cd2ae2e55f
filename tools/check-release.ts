import { readFileSync } from "node:fs";

// Run by the release workflow: a tag must be that of package.json's version, and the changelog must have its section.
const [tag = ""] = process.argv.slice(2);
const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
const { version } = JSON.parse(manifest) as { version: string };
const changelog = readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8");

const problems = [
  ...(manifest.includes("OWNER-TO-BE-SET") ? ["package.json has no owner of the repository yet: replace OWNER-TO-BE-SET"] : []),
  ...(tag === `v${version}` ? [] : [`the tag is ${tag || "missing"}, and package.json says ${version}: expected v${version}`]),
  ...(changelog.includes(`\n## ${version} `)
    ? []
    : [`CHANGELOG.md has no section "## ${version} – <date>": move what is unreleased under it`]),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
