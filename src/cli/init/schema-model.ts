const MODELS = /^[ \t]*model[ \t]+(\w+)[ \t]*\{(.*?)^[ \t]*\}/gms;
const NAME = "WorkflowInstance";
const OWN_TABLE = `@@map("workflow_instances")`;
// Prisma's own choices, which `prisma db pull` leaves out.
const DEFAULT_TYPES: readonly string[] = ["String @db.Text", "Int @db.Integer", "Json @db.JsonB", "DateTime @db.Timestamp(3)"];

/** The model of the workflow instances in somebody's schema. */
export interface SchemaModel {
  /** Equal for models that mean the same: without comments, spacing, the order of their lines, and types by default. */
  readonly meaning: string;
  /** The type of its field `status`, such as `String`. */
  readonly statusType: string | undefined;
}

/** Finds a model in the text of a Prisma schema that has the name or the table of the workflow instances. */
export function modelIn(schema: string): SchemaModel | undefined {
  for (const [, name = "", body = ""] of schema.matchAll(MODELS)) {
    const lines = body
      .split("\n")
      .map(meaningOf)
      .filter((line) => line !== "");
    if (name !== NAME && !lines.includes(OWN_TABLE)) continue;
    const [, statusType] = lines.map((line) => /^status (\w+)/.exec(line)).find((match) => match !== null) ?? [];
    return { meaning: [name, ...lines.sort()].join("\n"), statusType };
  }
  return undefined;
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
