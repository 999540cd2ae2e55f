const MODELS = /^[ \t]*model[ \t]+(\w+)[ \t]*\{(.*?)^[ \t]*\}/gms;
const NAME = "WorkflowInstance";
const OWN_TABLE = /@@map\((?:name:)?"workflow_instances"\)/;

/**
 * The model of the workflow instances in the text of a Prisma schema, or whatever model has its name or its table; undefined
 * where there is none. Without comments and spacing, so that models that mean the same are the same text.
 */
export function modelIn(schema: string): string | undefined {
  for (const [, name = "", body = ""] of schema.matchAll(MODELS)) {
    const lines = body.split("\n").map((line) =>
      line
        .replace(/\/\/.*/, "")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
    const model = `${name}\n${lines.filter((line) => line !== "").join("\n")}`;
    if (name === NAME || OWN_TABLE.test(model.replaceAll(" ", ""))) return model;
  }
  return undefined;
}
