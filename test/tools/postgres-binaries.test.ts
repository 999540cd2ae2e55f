import { execFile, execFileSync } from "node:child_process";
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { chmod, cp, mkdtemp, rename, rm, symlink, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { copyBinaries, locateBinaries } from "../../tools/postgres-binaries.js";
import { serverIdentity } from "../../tools/server-identity.js";

const PACKAGE = dirname(locateBinaries().source);
const INSTALL_SCRIPT = join(PACKAGE, "scripts", "hydrate-symlinks.js");
const MODULE = new URL("../../tools/postgres-binaries.ts", import.meta.url).href;
const RUNS = /^initdb \(PostgreSQL\) \d/;

let folder: string;
let source: string; // as npm unpacks it, and as its install script leaves it
let copy: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hephaestus-binaries-"));
  await chmod(folder, 0o755);
});
beforeEach(() => {
  source = join(folder, "checkout", "native");
  copy = join(folder, "copy");
});
afterEach(async () => {
  for (const name of readdirSync(folder)) await rm(join(folder, name), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ["if npm has run install scripts", true],
  ["if npm has run no install scripts", false],
])("runs from the copy after the checkout is deleted, %s", async (_, scripts) => {
  await unpack({ scripts });
  copyBinaries(source, copy);
  await rm(dirname(source), { recursive: true });
  expect(initdb()).toMatch(RUNS);
});

it("copies from a checkout that only its owner may enter", async () => {
  await unpack({ scripts: true });
  execFileSync("chmod", ["-R", "go-rwx", dirname(source)]);
  copyBinaries(source, copy);
  expect(initdb()).toMatch(RUNS);
});

it("makes the links that the install script makes", async () => {
  await unpack({ scripts: false });
  copyBinaries(source, copy);
  execFileSync(process.execPath, [INSTALL_SCRIPT], { cwd: dirname(source) });
  expect(entries(copy)).toEqual(entries(source));
});

it.each<[string, () => Promise<void>]>([
  ["links into a checkout", () => relink((link) => join(source, link))],
  ["links into a checkout that was deleted", () => relink((link) => join(folder, "deleted", "native", link))],
  ["relative links out of the copy", () => relink((link) => join("..", "..", "checkout", "native", link))],
  ["links to nothing", () => relink(() => "nothing")],
  ["a link in place of a folder", () => replaceWithLink("lib", join(source, "lib"))],
  ["no links", () => relink(() => undefined)],
  ["no libraries", () => rm(join(copy, "lib"), { recursive: true })],
  ["a program that is missing", () => rm(join(copy, "bin", "initdb"))],
  ["a program that is cut short", () => truncate(join(copy, "bin", "initdb"), 100)],
  ["a program that nobody may run", () => chmod(join(copy, "bin", "initdb"), 0o600)],
  ["folders that nobody may enter", () => chmod(join(copy, "lib"), 0o700)],
])("replaces what is wrong in a copy with %s", async (_, damage) => {
  await unpack({ scripts: true });
  copyBinaries(source, copy);
  await damage();
  copyBinaries(source, copy);
  expect(entries(copy)).toEqual(entries(source));
  await rename(dirname(source), join(folder, "moved"));
  expect(initdb()).toMatch(RUNS);
});

it("leaves alone what is right in a copy that servers may be running from", async () => {
  await unpack({ scripts: true });
  copyBinaries(source, copy);
  const inodes = (): number[] => list(copy).map((path) => lstatSync(join(copy, path)).ino);
  const before = inodes();
  copyBinaries(source, copy);
  expect(inodes()).toEqual(before);
});

it.each<[string, () => Promise<void>]>([
  ["make one copy", async () => {}],
  ["fix one copy", async () => (copyBinaries(source, copy), await relink((link) => join(folder, "deleted", "native", link)))],
])("lets processes that start at once %s", async (_, prepare) => {
  await unpack({ scripts: true });
  await prepare();
  const versions = await Promise.all([1, 2, 3].map(() => copyInProcess()));
  for (const version of versions) expect(version).toMatch(RUNS);
  expect(entries(copy)).toEqual(entries(source));
});

/** Puts the package's programs and libraries into `source`, as npm does. */
async function unpack({ scripts }: { scripts: boolean }): Promise<void> {
  const share = join(PACKAGE, "native", "share"); // most of the files, which no program here reads
  await cp(join(PACKAGE, "native"), source, { recursive: true, filter: (path) => path !== share && !lstatSync(path).isSymbolicLink() });
  if (scripts) execFileSync(process.execPath, [INSTALL_SCRIPT], { cwd: dirname(source) });
}

/** Lets each link of the copy lead elsewhere, or deletes it. */
async function relink(destination: (link: string) => string | undefined): Promise<void> {
  for (const link of list(copy).filter((path) => lstatSync(join(copy, path)).isSymbolicLink())) {
    const path = destination(link);
    if (path === undefined) await rm(join(copy, link));
    else await replaceWithLink(link, path);
  }
}

async function replaceWithLink(path: string, destination: string): Promise<void> {
  await rm(join(copy, path), { recursive: true });
  await symlink(destination, join(copy, path));
}

/** Runs the copy's `initdb`, as the user that starts servers. */
function initdb(): string {
  return execFileSync(join(copy, "bin", "initdb"), ["--version"], { ...serverIdentity, cwd: "/", encoding: "utf8" });
}

/** Copies in a process of its own, which runs `initdb` as soon as its call has returned. */
async function copyInProcess(): Promise<string> {
  const program = `
    const { copyBinaries } = await import(${JSON.stringify(MODULE)});
    copyBinaries(${JSON.stringify(source)}, ${JSON.stringify(copy)});
    const { execFileSync } = await import("node:child_process");
    execFileSync(${JSON.stringify(join(copy, "bin", "initdb"))}, ["--version"], { stdio: "inherit" });`;
  return (await promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program])).stdout;
}

function list(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
}

/** What stands at each path: a link's destination, a file's size. */
function entries(root: string): [path: string, entry: string | number][] {
  return list(root).map((path) => {
    const stats = lstatSync(join(root, path));
    if (stats.isSymbolicLink()) return [path, readlinkSync(join(root, path))];
    return [path, stats.isDirectory() ? "folder" : stats.size];
  });
}
