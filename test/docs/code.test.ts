import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import ts from "typescript";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { documents, readDocument, ROOT, type Snippet, snippetsOf } from "../../tools/snippets.js";
import * as atHand from "./at-hand.js";

const FOLDER = `${ROOT}.snippets`;
const NAMES = Object.keys(atHand).filter((name) => name !== "reset" && name !== "close");
// At the root of this package, so that they can import it by its name; side by side, as in a reader's folder.
const snippets = documents
  .flatMap(snippetsOf)
  .filter(({ language, note }) => language === "ts" && !note?.startsWith("not compiled: "))
  .map((snippet) => ({ ...snippet, path: `${FOLDER}/${nameOf(snippet)}.ts`, title: `${snippet.file}:${snippet.line}` }));

const examples = snippets.filter(({ note }) => exampleOf(note) !== undefined);
// An example is a separate file, which is compiled with the project and has its own tests.
const others = snippets.filter((snippet) => !examples.includes(snippet));
const runnable = others.filter(({ note }) => !note?.startsWith("compiled only: "));

function exampleOf(note: string | null): string | undefined {
  return /^examples\/\S+\.ts/.exec(note ?? "")?.[0];
}

function nameOf({ file, line, note }: Snippet): string {
  return basename(exampleOf(note) ?? `${file}-${line}`, ".ts");
}

/** A snippet as a module that imports what is at hand, except for what it declares itself. */
function moduleOf({ code }: Snippet): string {
  const imported = NAMES.filter((name) => !new RegExp(`^(?:import|const|function)\\b[^=("]*\\b${name}\\b`, "m").test(code));
  // On the first line, so that errors keep their line numbers.
  return `import { ${imported.join(", ")} } from "../test/docs/at-hand.js"; ${code}\n`;
}

describe("the documents' TypeScript", () => {
  mkdirSync(FOLDER, { recursive: true });
  for (const snippet of snippets) writeFileSync(snippet.path, moduleOf(snippet));
  beforeEach(async () => {
    for (const method of ["log", "warn", "error", "table"] as const) vi.spyOn(console, method).mockReturnValue();
    await atHand.reset();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    await atHand.close();
  });

  it("compiles under this project's own options", () => {
    const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: object };
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
    const program = ts.createProgram({ rootNames: others.map(({ path }) => path), options });
    const problems = others.flatMap(({ path, file, line }) => {
      const source = program.getSourceFile(path);
      return ts.getPreEmitDiagnostics(program, source).map(({ start = 0, messageText }) => {
        const at = source?.getLineAndCharacterOfPosition(start).line ?? 0;
        return `${file}:${line + 1 + at}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      });
    });
    expect(problems).toEqual([]);
  });

  it.each(runnable)("$title runs", async ({ path }) => {
    await expect(import(path)).resolves.toBeDefined();
  });

  it.each(examples)("$title is the example that it names", ({ code, note }) => {
    expect(code).toBe(readDocument(exampleOf(note) ?? "").trim());
  });
});
