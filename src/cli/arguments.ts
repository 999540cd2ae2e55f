import { parseArgs, type ParseArgsConfig } from "node:util";
import { StorageError } from "../errors.js";
import { STATUSES, type Status } from "../instance/instance.js";
import { suggestion } from "./closest-name.js";
import { UsageFailure } from "./failure.js";

/** Parses a command line with `parseArgs`. @throws {UsageFailure} for one that doesn't fit the options. */
export function parseArguments<const Config extends ParseArgsConfig>(
  argv: readonly string[],
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs<Config>({ ...config, args: [...argv] });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, unknown = ""] = /^Unknown option '--([\w-]+)'/.exec(error.message) ?? [];
    const near = unknown === "" ? "" : suggestion(unknown, Object.keys(config.options ?? {}), (name) => `--${name}`);
    throw new UsageFailure(near === "" ? error.message : `Unknown option '--${unknown}'.${near}`);
  }
}

/** Parses a list of statuses such as `completed,failed`. */
export function parseStatuses(list: string): Status[] {
  return list.split(",").map((text) => {
    const status = STATUSES.find((one) => one === text.trim());
    if (status !== undefined) return status;
    throw new UsageFailure(`--status is invalid: expected a list of ${STATUSES.join(", ")}, found ${JSON.stringify(text)}`);
  });
}

/** Parses an integer above zero. */
export function parseCount(text: string, option: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageFailure(`${option} is invalid: expected an integer from 1 to 9999999, found ${JSON.stringify(text)}`);
}

/** Returns the result of a check. Whatever the storage rejects is a wrong command line here. */
export function asUsage<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw error instanceof StorageError ? new UsageFailure(error.message) : error;
  }
}
