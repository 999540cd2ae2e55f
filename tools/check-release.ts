import { readFileSync } from "node:fs";

// Run by the release workflow: a tag must be that of package.json's version, and the changelog must have its section.
const [tag = ""] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
const changelog = readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8");

const problems = [
  ...(tag === `v${version}` ? [] : [`the tag is ${tag || "missing"}, and package.json says ${version}: expected v${version}`]),
  ...(changelog.includes(`\n## ${version} `)
    ? []
    : [`CHANGELOG.md has no section "## ${version} – <date>": move what is unreleased under it`]),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
