import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { shown } from "./file-action.js";
import { isFolder, type Project } from "../project/prisma-project.js";

/** Tells how a schema of one file becomes a folder, to be pasted. */
export async function toFolder(schema: string, { folder, config, migrations }: Project): Promise<string> {
  const found = `${shown(schema)} is a schema of one file, and the model is a file of its own. Either make the schema a folder`;
  const append = "or give --append, which appends the model to the file.";
  const around = dirname(schema);
  // In the project's own folder, Prisma would read all that is below: node_modules too.
  if (around !== folder && (await isAlone(around)))
    return [`${found}, in ${config}:`, `  schema: "${relative(folder, around)}",`, append].join("\n");

  const target = join(around, around === folder ? "prisma" : "schema");
  return [
    `${found}:`,
    ...((await isFolder(target)) ? [] : [`  mkdir ${shown(target)}`]),
    `  mv ${shown(schema)} ${shown(target)}/`,
    `and say so in ${config} (where the generator's output is relative, it begins with one more ../ then):`,
    `  schema: "${relative(folder, target)}",`,
    `  migrations: { path: "${relative(folder, migrations)}" },`,
    append,
  ].join("\n");
}

async function isAlone(folder: string): Promise<boolean> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".prisma")).length === 1;
}
