import GithubSlugger from "github-slugger";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toString } from "mdast-util-to-string";
import { readDocument } from "./snippets.js";

/** A part of a document, from one heading to the next. */
interface Section {
  readonly heading: string;
  readonly anchor: string;
  /** What stands below the heading, without marks. */
  readonly text: string;
}

/** A document as a reader finds it. */
export interface Guide {
  /** Relative to the root of the repository, without `.md`. */
  readonly path: string;
  readonly title: string;
  /** Without the one of the title. */
  readonly sections: readonly Section[];
}

/** Guides that answer questions of one kind. */
export interface GuideGroup {
  readonly title: string;
  readonly guides: readonly Guide[];
}

/** The guides, grouped and in the order in which `docs/README.md` lists them. */
export function guideGroups(): GuideGroup[] {
  const seen = new Set<string>();
  const groups: { title: string; guides: Guide[] }[] = [];
  for (const line of readDocument("docs/README.md").split("\n")) {
    const title = /^\| (.+?) +\| read /.exec(line)?.[1];
    if (title !== undefined) groups.push({ title: title.replace(/^./, (letter) => letter.toUpperCase()), guides: [] });
    for (const [, name = ""] of line.matchAll(/\]\(([\w-]+)\.md\b/g)) {
      if (!seen.has(name)) groups.at(-1)?.guides.push(guideAt(`docs/${name}`));
      seen.add(name);
    }
  }
  return groups;
}

/** Reads one document. */
export function guideAt(path: string): Guide {
  const slugger = new GithubSlugger();
  const parts: { heading: string; anchor: string; content: ReturnType<typeof fromMarkdown>["children"] }[] = [];
  for (const node of fromMarkdown(readDocument(`${path}.md`)).children) {
    if (node.type !== "heading") parts.at(-1)?.content.push(node);
    else {
      const heading = toString(node, { includeHtml: false });
      parts.push({ heading, anchor: slugger.slug(heading), content: [] });
    }
  }
  const [first, ...rest] = parts;
  return {
    path,
    title: first?.heading ?? path,
    sections: rest.map(({ heading, anchor, content }) => ({ heading, anchor, text: content.map((node) => toString(node)).join("\n") })),
  };
}
