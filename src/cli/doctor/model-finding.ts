import { displayPath } from "../project/prisma-project.js";
import { MODEL, type SchemaModel } from "../project/schema-model.js";
import type { Finding } from "./finding.js";
import { INIT } from "./migration-findings.js";

/** Checks that a project's schema has the model: without it, Prisma's next migration drops the table. */
export function checkModel(schema: string | undefined, model: SchemaModel | undefined): Finding[] {
  if (schema === undefined) return [];
  const finding = { check: "model", expected: `the model ${MODEL}, or one of another name for its table`, fix: null };
  if (model !== undefined) return [{ ...finding, ok: true, found: model.name }];
  const found = `none in ${displayPath(schema)}, so prisma migrate dev would drop the table`;
  return [{ ...finding, ok: false, found, fix: INIT }];
}
