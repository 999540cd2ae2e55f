import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documents, readDocument, ROOT, snippetsOf } from "../../tools/snippets.js";
import { run } from "../cli/program.js";
import { prisma } from "../migrate/prisma-cli.js";

// Programs of the reader's system, which this test doesn't check.
const SYSTEM = ["apt-get", "brew", "cat", "cd", "cp", "docker", "export", "git", "mkdir", "node", "pg_dump", "pg_restore", "psql", "sudo"];

interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readDocument("package.json")) as Manifest;
const packages = [
  manifest.name,
  "@prisma/prisma7",
  "@prisma/orm-postgres",
  ...[manifest.peerDependencies, manifest.devDependencies].flatMap(Object.keys),
];

/** The commands of a block, each as its words: without comments, leading variables and cron times. */
function commandsOf(code: string): string[][] {
  const lines = code
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(^| )#.*$/, "").replace(/^([\d*/,-]+ +){5}/, ""));
  return lines
    .flatMap((line) => line.split(/ (?:&&|\|\||\||;|&) /))
    .map((text) => (text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).filter((word) => !/^[A-Z_]+=/.test(word)))
    .filter((words) => words.length > 0);
}

interface Help {
  readonly code: number | null;
  readonly text: string;
}
const helps = new Map<string, Promise<Help>>();

/** The help text of a command. Each program is run once for it. */
function helpOf(program: string, command: readonly string[]): Promise<Help> {
  const key = [program, ...command].join(" ");
  const help = helps.get(key) ?? askForHelp(program, [...command, "--help"]);
  helps.set(key, help);
  return help;
}

async function askForHelp(program: string, args: readonly string[]): Promise<Help> {
  if (program !== "prisma") return run(args).then(({ code, out }) => ({ code, text: out }));
  const { code, output } = await prisma("", args);
  return { code, text: output };
}

/** What is wrong with a command of this package's program or of Prisma's. */
async function problemOfProgram(program: string, words: readonly string[]): Promise<string | null> {
  const end = words.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith("-"));
  const verbs = words.slice(0, end === -1 ? undefined : end);
  const { code, text } = await helpOf(program, program === "prisma" ? verbs : verbs.slice(0, 1));
  if (code !== 0) return `there is no command ${program} ${verbs.join(" ")}`;
  if (program !== "prisma" && verbs.length > 1 && !text.includes(`${program} ${verbs.join(" ")} `))
    return `there is no command ${program} ${verbs.join(" ")}`;
  const flags = words.flatMap((word) => /^--?[a-z][a-z-]*/.exec(word)?.[0] ?? []).filter((flag) => flag !== "--help");
  const unknown = flags.filter((flag) => !new RegExp(`(^|[\\s[,|])${flag}(?![a-z-])`, "m").test(text));
  return unknown.length === 0 ? null : `${program} ${verbs.join(" ")} has no ${unknown.join(", ")}`;
}

async function problemOf([program = "", first = "", ...rest]: readonly string[], document: string): Promise<string | null> {
  if (SYSTEM.includes(program)) return null;
  if (program === "npm") {
    if (first === "run") return Object.hasOwn(manifest.scripts, rest[0] ?? "") ? null : `there is no script ${rest[0]}`;
    if (first !== "install") return null;
    const unknown = rest.filter((name) => !name.startsWith("-") && !packages.includes(name.replace(/(.)@.*$/, "$1")));
    return unknown.length === 0 ? null : `package.json does not know ${unknown.join(", ")}`;
  }
  const named = first.replace(/(.)@\d+$/, "$1"); // npx takes a major version
  if (program === "npx" && (named === "prisma" || named === manifest.name)) return problemOfProgram(named, rest);
  if (program === "npx" && (first === "tsx" || first === "vitest")) {
    const file = rest.find((word) => word.endsWith(".ts")) ?? "";
    const exists = existsSync(join(ROOT, file)) || document.includes(` as \`${file}\``); // the reader saves it
    return exists ? null : `there is no file ${file}`;
  }
  if (program === "npx") return packages.includes(first) ? null : `package.json does not know ${first}`;
  return `no test checks the program ${program}: name it in ${import.meta.filename}`;
}

describe("the documents' commands", () => {
  it.each(documents)("%s gives only commands that exist", async (file) => {
    for (const { code, language, line } of snippetsOf(file))
      if (language === "sh" || language === "crontab")
        for (const words of commandsOf(code))
          expect(await problemOf(words, readDocument(file)), `${file}:${line}: ${words.join(" ")}`).toBeNull();
  });
});
