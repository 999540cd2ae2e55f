import { parseArgs, type ParseArgsConfig } from "node:util";
import { StorageError } from "../errors.js";
import { STATUSES, type Status } from "../instance/instance.js";
import { UsageFailure } from "./failure.js";

/** What `parseArgs` makes of a command line. @throws {UsageFailure} for one that can't be meant. */
export function parseArguments<const Config extends ParseArgsConfig>(
  argv: readonly string[],
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs<Config>({ ...config, args: [...argv] });
  } catch (error) {
    throw error instanceof Error ? new UsageFailure(error.message) : error;
  }
}

/** The database that is known by now, or DATABASE_URL. */
export function databaseUrl(given: string | undefined): string {
  const url = given ?? process.env.DATABASE_URL ?? "";
  if (url === "") throw new UsageFailure("which database? Set DATABASE_URL or give --url");
  return url;
}

/** The statuses of a list such as `completed,failed`. */
export function parseStatuses(list: string): Status[] {
  return list.split(",").map((text) => {
    const status = STATUSES.find((one) => one === text.trim());
    if (status !== undefined) return status;
    throw new UsageFailure(`--status is invalid: there is no status ${JSON.stringify(text)}; there are ${STATUSES.join(", ")}`);
  });
}

/** A whole number above zero. */
export function parseCount(text: string, option: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageFailure(`${option} is invalid: expected an integer from 1 to 9999999, found ${JSON.stringify(text)}`);
}

/** What a check answers; what the storage refuses of it is a wrong command line here. */
export function asUsage<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw error instanceof StorageError ? new UsageFailure(error.message) : error;
  }
}
