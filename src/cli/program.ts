import { readFile } from "node:fs/promises";
import { isObject } from "../check.js";
import { Failure, messageOf, UsageFailure } from "./failure.js";
import { PRUNE_HELP, runPrune } from "./prune-command.js";

const HELP = `Usage: hephaestus-prisma <command> [options]

Commands:
  prune    delete old workflow instances, for cron

hephaestus-prisma <command> --help tells a command's options.
`;

/** Runs the program that a command line names, and answers what the process exits with. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    process.stderr.write(`hephaestus-prisma: ${messageOf(error)}\n`);
    if (error instanceof UsageFailure) process.stderr.write("hephaestus-prisma --help tells how it is used.\n");
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function dispatch([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case "prune":
      if (!rest.includes("--help") && !rest.includes("-h")) return runPrune(rest);
      process.stdout.write(PRUNE_HELP);
      return 0;
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "--version":
      process.stdout.write(`${await packageVersion()}\n`);
      return 0;
    case undefined:
      throw new UsageFailure("expected a command: prune");
    default:
      throw new UsageFailure(`there is no command ${JSON.stringify(command)}; there is prune`);
  }
}

async function packageVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  return isObject(manifest) && typeof manifest.version === "string" ? manifest.version : "unknown";
}
