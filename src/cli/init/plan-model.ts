import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fetchCommand } from "../../migrate/packages/package-manager.js";
import { Failure } from "../failure.js";
import { INDEX_CHOICES } from "../project/index-choices.js";
import { MODEL_FILE, ownModelPath, readOwnModel } from "../project/package-files.js";
import { displayPath, isFolder, kindAt, type Project } from "../project/prisma-project.js";
import { readSchema, type SchemaFile } from "../project/schema-files.js";
import { indexesLeftOut, modelIn, type SchemaModel, withoutIndexes } from "../project/schema-model.js";
import type { FileAction } from "./file-action.js";

/** How the model gets into a schema. */
export interface ModelOptions {
  /** As a file of its own, even if the schema is one file so far. */
  readonly folder: boolean;
  /** As a link to the package's file. */
  readonly link: boolean;
  /** In place of a model file that differs. */
  readonly force: boolean;
}

/** What to do about the model. */
export interface ModelPlan {
  readonly actions: readonly FileAction[];
  /** The indexes whose lines it takes out of a model that is there. */
  readonly removed: readonly string[];
  /** The model that the schema then has. */
  readonly model: SchemaModel | undefined;
}

/**
 * Plans how a project's schema gets the model, without the lines of some indexes. Those that its model leaves out already
 * stay out.
 *
 * @throws {Failure} if there is no schema, one of another database, or one of a single file when a file of its own is asked
 * for, or if lines would have to be left out of a link.
 */
export async function planModel(project: Project, { folder, link, force }: ModelOptions, without: readonly string[]): Promise<ModelPlan> {
  const schema = await existingSchema(project);
  const files = await readSchema(schema);
  checkProvider(files);
  const ownText = await readOwnModel();
  const target = join(schema, MODEL_FILE);
  const there = files.find(({ model }) => model !== undefined) ?? files.find(({ path }) => path === target);
  const leftOut = [...without, ...choicesIn(there?.model, modelIn(ownText))];
  const own = withoutIndexes(ownText, leftOut);
  const model = modelIn(own);

  if (there !== undefined) {
    const text = withoutIndexes(there.text, without);
    const removed = without.filter((name) => there.model?.indexes.some((index) => index.name === name));
    const equal = modelIn(text)?.meaning === model?.meaning;
    if (equal || !(force && basename(there.path) === MODEL_FILE)) {
      const edit: FileAction = removed.length > 0 ? { action: "edit", path: there.path, text } : { action: "keep", path: there.path };
      const kept = { removed, model: there.model ?? model };
      if (equal) return { actions: [edit], ...kept };
      const differs = differ(there, await ownModelPath(project.folder));
      return { actions: removed.length > 0 ? [edit, differs] : [differs], ...kept };
    }
    return { actions: [await place(there.path, "replace")], removed, model };
  }
  if (await isFolder(schema)) return { actions: [await place(target, "create")], removed: [], model };
  if (folder || link) throw new Failure(await howToMakeFolder(schema, project));
  const isEnded = (await readFile(schema, "utf8")).endsWith("\n");
  return { actions: [{ action: "append", path: schema, text: `${isEnded ? "" : "\n"}\n${own}` }], removed: [], model };

  async function place(path: string, action: "create" | "replace"): Promise<FileAction> {
    if (!link) return { action, path, text: own };
    if (leftOut.length > 0) throw new Failure(LINKED_WHOLE);
    return { action: "link", path, target: relative(await realpath(dirname(path)), await ownModelPath(project.folder)) };
  }
}

const PROVIDER = /^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*?^[ \t]*provider[ \t]*=[ \t]*"([^"]*)"/ms;

function checkProvider(files: readonly SchemaFile[]): void {
  for (const { path, text } of files) {
    const [, provider = "postgresql"] = PROVIDER.exec(text) ?? [];
    if (provider === "postgresql" || provider === "postgres") continue;
    throw new Failure(`${displayPath(path)} is of another database: expected provider = "postgresql", found ${JSON.stringify(provider)}`);
  }
}

const LINKED_WHOLE =
  "a link to this package's model has the lines of all indexes: leave out --link, for a copy without those that you do without";

/** The optional indexes that a model leaves out. */
function choicesIn(model: SchemaModel | undefined, own: SchemaModel | undefined): string[] {
  if (model === undefined || own === undefined) return [];
  const optional = INDEX_CHOICES.flatMap(({ indexes }) => indexes);
  return indexesLeftOut(own, model).filter((name) => optional.includes(name));
}

async function existingSchema({ schema }: Project): Promise<string> {
  if (schema !== undefined && (await kindAt(schema)) !== undefined) return schema;
  const found = schema === undefined ? "there is no Prisma schema here" : `there is no Prisma schema at ${displayPath(schema)}`;
  const create = fetchCommand("prisma@7 init --datasource-provider postgresql");
  throw new Failure(`${found}. Create one with ${create}, or name one that is elsewhere with --schema`);
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
