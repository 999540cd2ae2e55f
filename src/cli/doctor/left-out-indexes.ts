import { readOwnModel } from "../project/package-files.js";
import { kindAt } from "../project/prisma-project.js";
import { readSchema } from "../project/schema-files.js";
import { indexesLeftOut, modelIn } from "../project/schema-model.js";

/** The names of the indexes that a project's own model leaves out. None if there is no model. */
export async function indexesOutOfModel(schema: string | undefined): Promise<string[]> {
  if (schema === undefined || (await kindAt(schema)) === undefined) return [];
  const own = modelIn(await readOwnModel());
  const model = (await readSchema(schema)).find((file) => file.model !== undefined)?.model;
  return own === undefined || model === undefined ? [] : indexesLeftOut(own, model);
}
