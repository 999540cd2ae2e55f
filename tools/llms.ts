import { guideGroups } from "./guides.js";
import { readDocument } from "./snippets.js";

/** The guides for a reader that is a language model, in the form of llmstxt.org. Links lead to the package's own files. */
export function llmsText(): string {
  const { name, description } = JSON.parse(readDocument("package.json")) as { name: string; description: string };
  const groups = guideGroups().map(({ title, guides }) => {
    const links = guides.map((guide) => `- [${guide.title}](${guide.path}.md): ${guide.sections.map(({ heading }) => heading).join("; ")}`);
    return `## ${title}\n\n${links.join("\n")}\n`;
  });
  const start = "Start with [README.md](README.md). Types are in `dist/*.d.ts`, with an example for each export.";
  return `# ${name}\n\n> ${description}\n\n${start}\n\n${groups.join("\n")}`;
}
