import { appendFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";

/** One thing that is to be done, or left, about one file. Paths are absolute, but a link's target. */
export type FileAction =
  | { readonly action: "create" | "replace" | "append"; readonly path: string; readonly text: string }
  | { readonly action: "link"; readonly path: string; readonly target: string }
  | { readonly action: "keep"; readonly path: string }
  | { readonly action: "differ"; readonly path: string; readonly mend: string };

const DONE = { create: "created", replace: "replaced", append: "appended to", link: "linked" } as const;
const PLANNED = { create: "would create", replace: "would replace", append: "would append to", link: "would link" } as const;

/** Does it. */
export async function carryOut(step: FileAction): Promise<void> {
  if (step.action === "keep" || step.action === "differ") return;
  if (step.action === "append") return appendFile(step.path, step.text);
  await mkdir(dirname(step.path), { recursive: true });
  await rm(step.path, { force: true }); // what is written must not go through a link, into the package
  await (step.action === "link" ? symlink(step.target, step.path) : writeFile(step.path, step.text));
}

/** Tells it in a line. */
export function tell(step: FileAction, dryRun: boolean): string {
  const path = shown(step.path);
  if (step.action === "keep") return `unchanged ${path}`;
  if (step.action === "differ") return `${path} differs from this package's: ${step.mend}`;
  return `${(dryRun ? PLANNED : DONE)[step.action]} ${path}`;
}

/** The same as data. */
export function toJson(step: FileAction): object {
  return { action: step.action, path: shown(step.path), ...(step.action === "differ" && { mend: step.mend }) };
}

/** A path as the user would write it. */
export function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}
