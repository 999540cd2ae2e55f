import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isFolder, kindAt } from "./prisma-project.js";
import { modelIn, type SchemaModel } from "./schema-model.js";

/** A file of a Prisma schema. */
export interface SchemaFile {
  readonly path: string;
  readonly text: string;
  /** The model of the workflow instances, if it is there. */
  readonly model: SchemaModel | undefined;
}

/** Reads a schema, which is a file or a folder of files. */
export async function readSchema(schema: string): Promise<SchemaFile[]> {
  if (!(await isFolder(schema))) return [await readPart(schema)];
  const names = (await readdir(schema, { recursive: true })).filter((name) => name.endsWith(".prisma")).sort();
  const parts = names.map(async (name) => {
    const path = join(schema, name);
    // Prisma passes over the rest: a folder with such a name, a link to nowhere.
    return (await kindAt(path)) === "file" ? [await readPart(path)] : [];
  });
  return (await Promise.all(parts)).flat();
}

/** The model of the workflow instances in a project's schema; undefined if it has none. */
export async function findModel(schema: string | undefined): Promise<SchemaModel | undefined> {
  if (schema === undefined || (await kindAt(schema)) === undefined) return undefined;
  return (await readSchema(schema)).find(({ model }) => model !== undefined)?.model;
}

async function readPart(path: string): Promise<SchemaFile> {
  const text = await readFile(path, "utf8");
  return { path, text, model: modelIn(text) };
}
