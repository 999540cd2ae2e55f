import { readFileSync } from "node:fs";

/** The fenced code blocks of one language in a document of `docs`, in their order. */
export function fencedBlocks(document: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${document}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, found, block = ""]) => (found === language ? [block] : []));
}
