import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FENCE = /^(?<indent> *)(?:`{3,}|~{3,})(?<info>.*)$/;
const NOTE = /^ *<!-- (?<text>.*) -->$/;

/** A fenced block of a document. */
export interface Snippet {
  /** From the root of the repository. */
  readonly file: string;
  /** That of its fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The HTML comment above it, which tells what its check can't see. */
  readonly note: string | null;
}

/** A link of a document, or a picture. */
export interface Link {
  readonly file: string;
  readonly line: number;
  readonly target: string;
}

/** The documents whose snippets and links are checked: those of the root, of `docs` and of `examples`. */
export const documents: readonly string[] = ["", "docs/", "examples/"].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith(".md") && name !== "CHANGELOG.md")
    .map((name) => `${folder}${name}`),
);

/** The blocks of a document, in their order. */
export function snippetsOf(file: string): Snippet[] {
  const snippets: Snippet[] = [];
  let open: { readonly line: number; readonly info: string; readonly indent: number; readonly code: string[] } | undefined;
  let note: string | null = null;
  for (const [index, text] of readDocument(file).split("\n").entries()) {
    const fence = FENCE.exec(text)?.groups;
    if (open === undefined) {
      if (fence !== undefined) open = { line: index + 1, info: fence.info?.trim() ?? "", indent: fence.indent?.length ?? 0, code: [] };
      else if (text !== "") note = NOTE.exec(text)?.groups?.text ?? null;
    } else if (fence?.info === "") {
      snippets.push({ file, line: open.line, language: open.info, code: open.code.join("\n"), note });
      [open, note] = [undefined, null];
    } else open.code.push(text.slice(open.indent));
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the block is not closed`);
  return snippets;
}

/** The links of a document that are not in its code. */
export function linksOf(file: string): Link[] {
  return prose(file).flatMap((text, index) =>
    [...text.matchAll(/\]\((?<target>[^()\s]+)\)/g)].map(({ groups }) => ({ file, line: index + 1, target: groups?.target ?? "" })),
  );
}

/** What a link to a heading of a document can name, as GitHub makes it of the heading. */
export function anchorsOf(file: string): Set<string> {
  const anchors = new Map<string, number>();
  for (const text of prose(file, { code: true })) {
    const heading = /^#{1,6} (?<heading>.*)$/.exec(text)?.groups?.heading;
    if (heading === undefined) continue;
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const seen = anchors.get(slug) ?? 0;
    anchors.set(slug, seen + 1);
    if (seen > 0) anchors.set(`${slug}-${seen}`, 1);
  }
  return new Set(anchors.keys());
}

/** The lines of a document, blocks of code left empty, and spans of code and comments too unless they are asked for. */
function prose(file: string, { code = false } = {}): string[] {
  let fenced = false;
  return readDocument(file)
    .split("\n")
    .map((text) => {
      const fence = FENCE.test(text);
      if (fence) fenced = !fenced;
      return fence || fenced ? "" : code ? text : text.replace(/`[^`]*`|<!--.*?-->/g, "");
    });
}

/** The text of a file of the repository. */
export function readDocument(file: string): string {
  return readFileSync(`${ROOT}${file}`, "utf8");
}
