import { displayPath } from "../project/prisma-project.js";

/** What to do about one file. Paths are absolute, except the target of a link. */
export type FileAction =
  | { readonly action: "create" | "replace" | "edit" | "append"; readonly path: string; readonly text: string }
  | { readonly action: "link"; readonly path: string; readonly target: string }
  | { readonly action: "keep"; readonly path: string }
  | { readonly action: "differ"; readonly path: string; readonly fix: string };

const DONE = { create: "created", replace: "replaced", edit: "edited", append: "appended to", link: "linked" } as const;
const PLANNED = {
  create: "would create",
  replace: "would replace",
  edit: "would edit",
  append: "would append to",
  link: "would link",
} as const;

/** Describes it in a line. */
export function formatAction(step: FileAction, dryRun: boolean): string {
  const path = displayPath(step.path);
  if (step.action === "keep") return `unchanged ${path}`;
  if (step.action === "differ") return `${path} differs from this package's: ${step.fix}`;
  return `${(dryRun ? PLANNED : DONE)[step.action]} ${path}`;
}

/** Describes it as data. */
export function toJson(step: FileAction): object {
  return { action: step.action, path: displayPath(step.path), ...(step.action === "differ" && { fix: step.fix }) };
}
