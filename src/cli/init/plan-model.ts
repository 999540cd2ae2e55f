import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { Failure, UsageFailure } from "../failure.js";
import { type FileAction, shown } from "./file-action.js";
import { MODEL_FILE, ownModelPath, readOwnModel } from "../project/package-files.js";
import { isFolder, kindAt, type Project } from "../project/prisma-project.js";
import { modelIn } from "./schema-model.js";
import { toFolder } from "./schema-to-folder.js";

/** How the model gets into a schema. */
export interface ModelOptions {
  /** Into the file that the schema is. */
  readonly append: boolean;
  /** As a link to the package's file. */
  readonly link: boolean;
  /** In place of a model file that differs. */
  readonly force: boolean;
}

interface SchemaFile {
  readonly path: string;
  readonly text: string;
}

/**
 * What is to be done for a project's schema to have the model.
 *
 * @throws {Failure} where there is no schema, or one of a single file that nothing may be appended to.
 */
export async function planModel(project: Project, { append, link, force }: ModelOptions): Promise<FileAction> {
  const schema = await existingSchema(project);
  const files = await readSchema(schema);
  const own = await readOwnModel();
  const target = join(schema, MODEL_FILE);
  const there = files.find(({ text }) => modelIn(text) !== undefined) ?? files.find(({ path }) => path === target);

  if (there !== undefined && modelIn(there.text) === modelIn(own)) return { action: "keep", path: there.path };
  if (there !== undefined && !(force && basename(there.path) === MODEL_FILE)) return differ(there, await ownModelPath(project.folder));
  if (there === undefined && !(await isFolder(schema))) {
    if (!append) throw new Failure(await toFolder(schema, project));
    const isEnded = (await readFile(schema, "utf8")).endsWith("\n");
    return { action: "append", path: schema, text: `${isEnded ? "" : "\n"}\n${own}` };
  }
  if (append) throw new UsageFailure(`--append is for a schema of one file, and ${shown(schema)} is a folder: leave it out`);
  const path = there?.path ?? target;
  if (!link) return { action: there === undefined ? "create" : "replace", path, text: own };
  return { action: "link", path, target: relative(await realpath(dirname(path)), await ownModelPath(project.folder)) };
}

async function existingSchema({ schema }: Project): Promise<string> {
  if (schema !== undefined && (await kindAt(schema)) !== undefined) return schema;
  const found = schema === undefined ? "there is no Prisma schema here" : `there is no Prisma schema at ${shown(schema)}`;
  throw new Failure(`${found}. npx prisma init --datasource-provider postgresql makes one; --schema names one that is elsewhere`);
}

async function readSchema(schema: string): Promise<SchemaFile[]> {
  if (!(await isFolder(schema))) return [{ path: schema, text: await readFile(schema, "utf8") }];
  const names = await readdir(schema, { recursive: true });
  const paths = names.filter((name) => name.endsWith(".prisma")).sort();
  return (await Promise.all(paths.map((name) => readPart(join(schema, name))))).flat();
}

// None for what Prisma passes over: a folder with such a name, a link to nowhere.
async function readPart(path: string): Promise<SchemaFile[]> {
  return (await kindAt(path)) === "file" ? [{ path, text: await readFile(path, "utf8") }] : [];
}

function differ({ path }: SchemaFile, own: string): FileAction {
  const compare = `it is left as it is. Compare it with ${shown(own)}, and take over what is new`;
  return { action: "differ", path, mend: basename(path) === MODEL_FILE ? `${compare}, or let --force replace it` : compare };
}
