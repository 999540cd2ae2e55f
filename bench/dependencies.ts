import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Competitor } from "./competitor.js";

const BENCH = new URL("./", import.meta.url);

/** Installs what only the benchmark needs, from its own lockfile into its own `node_modules`. */
export function installDependencies(competitors: readonly Competitor[]): void {
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", BENCH), "utf8")) as { readonly dependencies: object };
  if (!competitors.some(({ package: name = "" }) => Object.hasOwn(dependencies, name))) return;
  if (existsSync(new URL("node_modules/.package-lock.json", BENCH))) return;
  console.log("installing the competitors into bench/node_modules");
  const { status } = spawnSync("npm", ["--prefix", fileURLToPath(BENCH), "ci", "--no-audit", "--no-fund"], { stdio: "inherit" });
  if (status !== 0) throw new Error("the competitors could not be installed: name those to measure with --only, e.g. --only hephaestus");
}

/** The Node that a competitor runs on: ours, or a newer one from npm. */
export function findNode({ node = 0 }: Competitor): string {
  if (Number(process.versions.node.split(".")[0]) >= node) return process.execPath;
  return execFileSync("npx", ["-y", `node@${node}`, "-p", "process.execPath"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

/** The version of a package as it is installed, here or for the whole checkout. */
export function findVersion(name: string): string {
  const found = [`node_modules/${name}/package.json`, `../node_modules/${name}/package.json`]
    .map((path) => new URL(path, BENCH))
    .find((url) => existsSync(url));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return (JSON.parse(readFileSync(found, "utf8")) as { readonly version: string }).version;
}
