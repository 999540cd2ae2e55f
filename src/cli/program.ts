import { readFile } from "node:fs/promises";
import { isObject } from "../instance/check.js";
import type { Command } from "./command.js";
import { doctorCommand } from "./doctor/doctor-command.js";
import { Failure, messageOf, UsageFailure } from "./failure.js";
import { initCommand } from "./init/init-command.js";
import { listCommand } from "./instances/list-command.js";
import { migrateCommand } from "./migrate/migrate-command.js";
import { pruneCommand } from "./instances/prune-command.js";
import { showCommand } from "./instances/show-command.js";
import { visibleLines } from "./terminal/visible.js";

const COMMANDS = new Map<string, Command>([
  ["init", initCommand],
  ["doctor", doctorCommand],
  ["migrate", migrateCommand],
  ["list", listCommand],
  ["show", showCommand],
  ["prune", pruneCommand],
]);

const HELP = `Usage: hephaestus-prisma <command> [options]

Commands:
${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`).join("\n")}

hephaestus-prisma <command> --help lists the options of a command.
`;

/** Runs a command line, and returns the exit code of the process. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    process.stderr.write(`hephaestus-prisma: ${visibleLines(messageOf(error))}\n`);
    if (error instanceof UsageFailure) process.stderr.write("hephaestus-prisma --help lists the commands and their options.\n");
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined) throw new UsageFailure(`no command is given: expected one of ${names()}`);
  if (name === "--help" || name === "-h" || name === "help") return print(HELP);
  if (name === "--version") return print(`${await packageVersion()}\n`);
  const command = COMMANDS.get(name);
  if (command === undefined) throw new UsageFailure(`there is no command ${JSON.stringify(name)}: expected one of ${names()}`);
  return rest.includes("--help") || rest.includes("-h") ? print(command.help) : command.run(rest);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function names(): string {
  return [...COMMANDS.keys()].join(", ");
}

async function packageVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  return isObject(manifest) && typeof manifest.version === "string" ? manifest.version : "unknown";
}
