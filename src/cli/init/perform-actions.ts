import { chmod, lstat, mkdir, readFile, readlink, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ownModelRealPath } from "../project/package-files.js";
import type { FileAction } from "./file-action.js";

type Undo = () => Promise<unknown>;

/** Performs all of them, or none: what was done is undone if one fails. Each file is written beside its place, and moved there. */
export async function performActions(steps: readonly FileAction[]): Promise<void> {
  const undo: Undo[] = [];
  try {
    for (const step of steps) if (step.action !== "keep" && step.action !== "differ") await perform(step, undo);
  } catch (error) {
    for (const back of undo.reverse()) await back();
    throw error;
  }
}

async function perform(
  step: Extract<FileAction, { readonly action: "link" | "create" | "replace" | "edit" | "append" }>,
  undo: Undo[],
): Promise<void> {
  const path = step.action === "link" ? step.path : await placeOf(step.path);
  const created = await mkdir(dirname(path), { recursive: true });
  if (created !== undefined) undo.push(() => rm(created, { recursive: true }));
  const before = await readPlace(path);
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  undo.push(() => rm(beside, { force: true }));
  if (step.action === "link") await symlink(step.target, beside);
  else {
    await writeFile(beside, step.action === "append" ? Buffer.concat([before?.content ?? Buffer.of(), Buffer.from(step.text)]) : step.text);
    if (before !== undefined) await chmod(beside, before.mode);
  }
  await rename(beside, path);
  undo.push(() => restore(path, before));
}

/** Where a text is written: a link stays one, and its file is changed, unless that is this package's own model. */
async function placeOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => path);
  return real === (await ownModelRealPath()) ? path : real;
}

/** What was at a path. */
interface Place {
  readonly content: Buffer;
  readonly mode: number;
  /** The target, if it was a link. */
  readonly link: string | undefined;
}

async function readPlace(path: string): Promise<Place | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isSymbolicLink()) return { content: await readFile(path), mode: stats.mode, link: undefined };
  return { content: await readFile(path), mode: (await stat(path)).mode, link: await readlink(path) };
}

async function restore(path: string, before: Place | undefined): Promise<void> {
  await rm(path);
  if (before === undefined) return;
  if (before.link !== undefined) return symlink(before.link, path);
  await writeFile(path, before.content, { mode: before.mode });
  await chmod(path, before.mode);
}
