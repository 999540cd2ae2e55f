import { readFile } from "node:fs/promises";
import { isObject } from "../runtime/native-types.js";
import { suggestion } from "./closest-name.js";
import type { Command } from "./command.js";
import { Failure, messageOf, UsageFailure } from "./failure.js";
import { visibleLines } from "./terminal/visible.js";

/** A command, whose modules are loaded when it is called: to load those of all takes longer than most commands run. */
interface Entry {
  readonly name: string;
  /** What it does, in half a line. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const COMMANDS: readonly Entry[] = [
  {
    name: "init",
    summary: "add the model and the migrations to your project",
    load: async () => (await import("./init/init-command.js")).initCommand,
  },
  {
    name: "doctor",
    summary: "find what is wrong with the table, and how to fix it",
    load: async () => (await import("./doctor/doctor-command.js")).doctorCommand,
  },
  {
    name: "migrate",
    summary: "deploy migrations, or report their status, without Prisma's binary",
    load: async () => (await import("./migrate/migrate-command.js")).migrateCommand,
  },
  {
    name: "list",
    summary: "list workflow instances, page by page",
    load: async () => (await import("./instances/list-command.js")).listCommand,
  },
  {
    name: "show",
    summary: "show the life of one workflow instance",
    load: async () => (await import("./instances/show-command.js")).showCommand,
  },
  {
    name: "prune",
    summary: "delete old workflow instances, for cron",
    load: async () => (await import("./instances/prune-command.js")).pruneCommand,
  },
];

const NAMES = COMMANDS.map(({ name }) => name);

const HELP = `Usage: npx hephaestus-prisma <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join("\n")}

  -v, --version  the version of this package
  -h, --help     this text

npx hephaestus-prisma <command> --help lists the options of a command.
`;

/** Runs a command line, and returns the exit code of the process. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    process.stderr.write(`hephaestus-prisma: ${visibleLines(messageOf(error))}\n`);
    if (error instanceof UsageFailure) process.stderr.write(`${helpHint(argv)}\n`);
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return print(HELP);
  if (name === "--version" || name === "-v") return print(`${await packageVersion()}\n`);
  const entry = COMMANDS.find((one) => one.name === name);
  if (entry === undefined)
    throw new UsageFailure(`there is no command ${JSON.stringify(name)}: expected one of ${NAMES.join(", ")}.${suggestion(name, NAMES)}`);
  const command = await entry.load();
  return rest.includes("--help") || rest.includes("-h") ? print(command.help) : command.run(rest);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function helpHint([name = ""]: readonly string[]): string {
  if (NAMES.includes(name)) return `npx hephaestus-prisma ${name} --help lists its options.`;
  return "npx hephaestus-prisma --help lists the commands.";
}

async function packageVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  return isObject(manifest) && typeof manifest.version === "string" ? manifest.version : "unknown";
}
