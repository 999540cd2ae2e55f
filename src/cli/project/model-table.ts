import { DEFAULT_SCHEMA, readPostgresUrl } from "../../migrate/postgres/postgres-url.js";
import type { TablePlace } from "../doctor/table-facts.js";
import type { Project } from "./prisma-project.js";
import { readSchema } from "./schema-files.js";
import { MODEL, type SchemaModel } from "./schema-model.js";

/** Where Prisma has the table of a model: in the schema of its `@@schema`, or else in that of the URL. */
export function placeOf({ schema, table }: SchemaModel, urlSchema: string): TablePlace {
  return { schema: schema ?? urlSchema, table };
}

/** The call that creates a storage which sends SQL to a table. */
export function storageCall({ name }: SchemaModel, table: string): string {
  const model = name === MODEL ? "" : `model: ${JSON.stringify(name.charAt(0).toLowerCase() + name.slice(1))}, `;
  return `createPrismaStorage(prisma, { ${model}table: ${JSON.stringify(table)} })`;
}

/** The schema that a project's URL names. */
export interface UrlSchema {
  readonly schema: string;
  /** The variables that the URL is in and that are not set: then the schema is a guess. */
  readonly unset: readonly string[];
}

const DATASOURCE_URL = /^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*?^[ \t]*url[ \t]*=[ \t]*(?:env\("(\w+)"\)|"([^"]*)")/ms;

/** Finds the URL in the config, in the datasource of a schema of Prisma 6, or in DATABASE_URL. */
export async function urlSchemaOf({ url, unset, schema }: Project): Promise<UrlSchema> {
  const texts = schema === undefined ? [] : (await readSchema(schema)).map(({ text }) => text);
  const [, variable = "DATABASE_URL", literal] = texts.map((text) => DATASOURCE_URL.exec(text)).find((match) => match !== null) ?? [];
  const known = url ?? literal ?? process.env[variable];
  if (known === undefined || known === "") return { schema: DEFAULT_SCHEMA, unset: unset.length > 0 ? unset : [variable] };
  return { schema: readPostgresUrl(known)?.schema ?? DEFAULT_SCHEMA, unset: [] };
}
