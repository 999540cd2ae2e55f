import { readOwnModel } from "../project/package-files.js";
import { indexesLeftOut, modelIn, type SchemaModel } from "../project/schema-model.js";

/** The names of the indexes that a project's own model leaves out. None if there is no model. */
export async function indexesOutOfModel(model: SchemaModel | undefined): Promise<string[]> {
  const own = modelIn(await readOwnModel());
  return own === undefined || model === undefined ? [] : indexesLeftOut(own, model);
}
