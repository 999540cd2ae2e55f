import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isObject } from "../../runtime/native-types.js";

/** The version of a package that a project in a folder has installed; `null` if there is none. */
export async function installedVersion(name: string, folder: string): Promise<string | null> {
  try {
    const path = createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    return isObject(manifest) && typeof manifest.version === "string" ? manifest.version : null;
  } catch {
    return null;
  }
}
