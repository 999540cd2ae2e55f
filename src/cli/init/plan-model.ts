import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fetchCommand } from "../../migrate/packages/package-manager.js";
import { Failure } from "../failure.js";
import { MODEL_FILE, ownModelPath, readOwnModel } from "../project/package-files.js";
import { displayPath, isFolder, kindAt, type Project } from "../project/prisma-project.js";
import type { FileAction } from "./file-action.js";
import { modelIn, type SchemaModel } from "./schema-model.js";

/** How the model gets into a schema. */
export interface ModelOptions {
  /** As a file of its own, even if the schema is one file so far. */
  readonly folder: boolean;
  /** As a link to the package's file. */
  readonly link: boolean;
  /** In place of a model file that differs. */
  readonly force: boolean;
}

interface SchemaFile {
  readonly path: string;
  readonly model: SchemaModel | undefined;
}

/**
 * Plans how a project's schema gets the model.
 *
 * @throws {Failure} if there is no schema, or one of a single file when a file of its own is asked for.
 */
export async function planModel(project: Project, { folder, link, force }: ModelOptions): Promise<FileAction> {
  const schema = await existingSchema(project);
  const files = await readSchema(schema);
  const own = await readOwnModel();
  const target = join(schema, MODEL_FILE);
  const there = files.find(({ model }) => model !== undefined) ?? files.find(({ path }) => path === target);

  if (there !== undefined && there.model?.meaning === modelIn(own)?.meaning) return { action: "keep", path: there.path };
  if (there !== undefined && !(force && basename(there.path) === MODEL_FILE)) return differ(there, await ownModelPath(project.folder));
  if (there === undefined && !(await isFolder(schema))) {
    if (folder || link) throw new Failure(await howToMakeFolder(schema, project));
    const isEnded = (await readFile(schema, "utf8")).endsWith("\n");
    return { action: "append", path: schema, text: `${isEnded ? "" : "\n"}\n${own}` };
  }
  const path = there?.path ?? target;
  if (!link) return { action: there === undefined ? "create" : "replace", path, text: own };
  return { action: "link", path, target: relative(await realpath(dirname(path)), await ownModelPath(project.folder)) };
}

async function existingSchema({ schema }: Project): Promise<string> {
  if (schema !== undefined && (await kindAt(schema)) !== undefined) return schema;
  const found = schema === undefined ? "there is no Prisma schema here" : `there is no Prisma schema at ${displayPath(schema)}`;
  const create = fetchCommand("prisma@7 init --datasource-provider postgresql");
  throw new Failure(`${found}. Create one with ${create}, or name one that is elsewhere with --schema`);
}

async function readSchema(schema: string): Promise<SchemaFile[]> {
  if (!(await isFolder(schema))) return [await readPart(schema)];
  const names = (await readdir(schema, { recursive: true })).filter((name) => name.endsWith(".prisma")).sort();
  const parts = names.map(async (name) => {
    const path = join(schema, name);
    // Prisma passes over the rest: a folder with such a name, a link to nowhere.
    return (await kindAt(path)) === "file" ? [await readPart(path)] : [];
  });
  return (await Promise.all(parts)).flat();
}

async function readPart(path: string): Promise<SchemaFile> {
  return { path, model: modelIn(await readFile(path, "utf8")) };
}

function differ({ path, model }: SchemaFile, own: string): FileAction {
  if (model?.statusType !== undefined && model.statusType !== "String")
    return {
      action: "differ",
      path,
      fix: `its status is of the type ${model.statusType}, and has to stay a String: a CHECK in the database holds it to the five statuses`,
    };
  const compare = `it is left as it is. Compare it with ${displayPath(own)}, and take over what is new`;
  return { action: "differ", path, fix: basename(path) === MODEL_FILE ? `${compare}, or replace it with --force` : compare };
}

/** How a schema of one file becomes a folder, as commands and lines to paste. */
async function howToMakeFolder(schema: string, { folder, config, migrations }: Project): Promise<string> {
  const found = `${displayPath(schema)} is a schema of one file, and the model would be a file of its own. Make the schema a folder`;
  const rest = "then run this again; or leave --folder and --link out, and the model is appended to the file.";
  const around = dirname(schema);
  // In the project's own folder, Prisma would read everything below it, node_modules included.
  if (around !== folder && (await isAlone(around)))
    return [`${found}, in ${config}:`, `  schema: "${relative(folder, around)}",`, rest].join("\n");

  const target = join(around, around === folder ? "prisma" : "schema");
  return [
    `${found}:`,
    ...((await isFolder(target)) ? [] : [`  mkdir ${displayPath(target)}`]),
    `  mv ${displayPath(schema)} ${displayPath(target)}/`,
    `and in ${config} (a relative output of the generator begins with one more ../ then):`,
    `  schema: "${relative(folder, target)}",`,
    `  migrations: { path: "${relative(folder, migrations)}" },`,
    rest,
  ].join("\n");
}

async function isAlone(folder: string): Promise<boolean> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".prisma")).length === 1;
}
