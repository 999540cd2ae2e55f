const MODELS = /^[ \t]*model[ \t]+(\w+)[ \t]*\{(.*?)^[ \t]*\}/gms;
/** The name of this package's model. */
export const MODEL = "WorkflowInstance";
const OWN_TABLE = `@@map("workflow_instances")`;
const INDEX_NAME = /,map:"([^"]*)"/;
// Prisma's own choices, which `prisma db pull` leaves out.
const DEFAULT_TYPES: readonly string[] = ["String @db.Text", "Int @db.Integer", "Json @db.JsonB", "DateTime @db.Timestamp(3)"];

/** The model of the workflow instances in somebody's schema. */
export interface SchemaModel {
  readonly name: string;
  /** Its table: that of its `@@map`, or else its name. */
  readonly table: string;
  /** That of its `@@schema`, if it has one. */
  readonly schema: string | undefined;
  /** Equal for models that mean the same: without comments, spacing, the order of their lines, and types by default. */
  readonly meaning: string;
  /** The type of its field `status`, such as `String`. */
  readonly statusType: string | undefined;
  /** Its lines `@@index`, each with the name of the index if it is given. */
  readonly indexes: readonly ModelIndex[];
}

interface ModelIndex {
  readonly name: string | undefined;
  /** Equal for indexes that differ in nothing but the name. */
  readonly meaning: string;
}

/** Finds a model in the text of a Prisma schema that has the name or the table of the workflow instances. */
export function modelIn(schema: string): SchemaModel | undefined {
  for (const [, name = "", body = ""] of schema.matchAll(MODELS)) {
    const lines = body
      .split("\n")
      .map(meaningOf)
      .filter((line) => line !== "");
    if (name !== MODEL && !lines.includes(OWN_TABLE)) continue;
    const [, statusType] = lines.map((line) => /^status (\w+)/.exec(line)).find((match) => match !== null) ?? [];
    const indexes = lines.filter((line) => line.startsWith("@@index(")).map(indexOf);
    const table = argumentOf("@@map", lines) ?? name;
    return { name, table, schema: argumentOf("@@schema", lines), meaning: [name, ...lines.sort()].join("\n"), statusType, indexes };
  }
  return undefined;
}

/** The text in an attribute of a model. */
function argumentOf(attribute: string, lines: readonly string[]): string | undefined {
  const line = lines.find((one) => one.startsWith(`${attribute}(`));
  return line && /"((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll(/\\(.)/g, "$1");
}

/** The names of the indexes that a model has and another lacks, whatever they are called there. */
export function indexesLeftOut(of: SchemaModel, by: SchemaModel): string[] {
  const left = of.indexes.filter(({ meaning }) => !by.indexes.some((index) => index.meaning === meaning));
  return left.map(({ name }) => name).filter((name) => name !== undefined);
}

/** The text of a schema without the lines of some indexes. */
export function withoutIndexes(schema: string, names: readonly string[]): string {
  const isOne = (line: string): boolean => names.includes(indexOf(meaningOf(line)).name ?? "");
  return schema
    .split("\n")
    .filter((line) => !(line.trim().startsWith("@@index") && isOne(line)))
    .join("\n");
}

function indexOf(line: string): ModelIndex {
  return { name: INDEX_NAME.exec(line)?.[1], meaning: line.replace(INDEX_NAME, "") };
}

/** A field with its type and its attributes in one order, or an attribute of the model. */
function meaningOf(line: string): string {
  const text = line.replaceAll(/("(?:[^"\\]|\\.)*")|\/\/.*/g, "$1").trim();
  if (text === "" || text.startsWith("@@")) return compact(text);
  const [declaration = "", ...attributes] = text.split(/\s+(?=@)/);
  const [name = "", ...type] = declaration.split(/\s+/);
  const own = attributes.map(compact).filter((attribute) => !DEFAULT_TYPES.includes(`${type.join("")} ${attribute}`));
  return [name, type.join(""), ...own.sort()].join(" ");
}

/** Without spaces outside its strings, and without the name of its only argument. */
function compact(attribute: string): string {
  return attribute.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, "$1").replace(/^(@@?map\()name:/, "$1");
}
