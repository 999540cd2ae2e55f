import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Runs an example as its README says, and returns its output. */
export async function runExample(file: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", `examples/${file}`], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  return stdout;
}
