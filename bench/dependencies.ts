import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Candidate } from "./candidate.js";

const BENCH = new URL("./", import.meta.url);

/** Installs what only the benchmark needs, from its own lockfile into its own `node_modules`. */
export function installDependencies(candidates: readonly Candidate[]): void {
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", BENCH), "utf8")) as { readonly dependencies: object };
  if (!candidates.some(({ package: name = "" }) => Object.hasOwn(dependencies, name))) return;
  if (existsSync(new URL("node_modules/.package-lock.json", BENCH))) return;
  console.log("installing the candidates into bench/node_modules");
  const { status } = spawnSync("npm", ["--prefix", fileURLToPath(BENCH), "ci", "--no-audit", "--no-fund"], { stdio: "inherit" });
  if (status !== 0)
    throw new Error("npm could not install bench/package.json; measure only candidates without it, e.g. --only hephaestus,bare-prisma");
}

/** A package that only `bench/package.json` has, typed by the part that is used: the checkout type-checks without it. */
export async function importForeign<T>(specifier: string): Promise<T> {
  return (await import(specifier)) as T;
}

/** The executable of the Node that a candidate runs on: this one, or a newer one from npm. */
export function findNode({ node = 0 }: Candidate): string {
  if (Number(process.versions.node.split(".")[0]) >= node) return process.execPath;
  return execFileSync("npx", ["-y", `node@${node}`, "-p", "process.execPath"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

/** The installed version of a package, of the benchmark or of the checkout. */
export function findVersion(name: string): string {
  const found = [`node_modules/${name}/package.json`, `../node_modules/${name}/package.json`]
    .map((path) => new URL(path, BENCH))
    .find((url) => existsSync(url));
  if (found === undefined) throw new Error(`${name} is not installed: run npm ci, and npm --prefix bench ci`);
  return (JSON.parse(readFileSync(found, "utf8")) as { readonly version: string }).version;
}
