import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import GithubSlugger from "github-slugger";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toString } from "mdast-util-to-string";
import { visit } from "unist-util-visit";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COMMENT = /^<!-- (?<text>.*) -->$/;

/** A code block of a document. */
export interface Snippet {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
  /** Empty if the block names none. */
  readonly language: string;
  readonly code: string;
  /** The HTML comment above it, which says what its check can't see. */
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

/** The code blocks of a document, in order. */
export function snippetsOf(file: string): Snippet[] {
  const snippets: Snippet[] = [];
  visit(fromMarkdown(readDocument(file)), "code", ({ lang, value, position }, index = 0, parent) => {
    const above = parent?.children[index - 1];
    const note = above?.type === "html" ? COMMENT.exec(above.value)?.groups?.text : undefined;
    snippets.push({ file, line: position?.start.line ?? 0, language: lang ?? "", code: value, note: note ?? null });
  });
  return snippets;
}

/** The code of a document's blocks in one language, in order. */
export function codeOf(file: string, language: string): string[] {
  return snippetsOf(file).flatMap((snippet) => (snippet.language === language ? [snippet.code] : []));
}

/** The links of a document, in order. */
export function linksOf(file: string): Link[] {
  const links: Link[] = [];
  visit(fromMarkdown(readDocument(file)), (node) => {
    if (node.type === "link" || node.type === "image" || node.type === "definition")
      links.push({ file, line: node.position?.start.line ?? 0, target: node.url });
  });
  return links;
}

/** The anchors that GitHub makes of a document's headings. */
export function anchorsOf(file: string): Set<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  visit(fromMarkdown(readDocument(file)), "heading", (heading) => {
    anchors.add(slugger.slug(toString(heading, { includeHtml: false })));
  });
  return anchors;
}

/** The text of a file of the repository. */
export function readDocument(file: string): string {
  return readFileSync(`${ROOT}${file}`, "utf8");
}
