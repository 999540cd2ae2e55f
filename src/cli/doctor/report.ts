import { visible, visibleLines } from "../terminal/visible.js";
import { type Finding, plural } from "./finding.js";

const MARGIN = " ".repeat(4);

/** Formats findings for a reader: one line for what is well; what was found and expected and how to fix it for the rest. */
export function formatFindings(findings: readonly Finding[]): string {
  return `${findings.map(formatFinding).join("\n")}\n\n${summarize(findings)}\n`;
}

function formatFinding({ check, ok, found, expected, fix }: Finding): string {
  if (ok === true) return `ok  ${visible(check)}: ${visible(found)}`;
  const lines = [`${ok === "note" ? "--" : "!!"}  ${visible(check)}`, field("found", found), field("expected", expected)];
  return [...lines, ...(fix === null ? [] : [field("fix", fix)])].join("\n");
}

function field(name: string, text: string): string {
  const label = `${MARGIN}${`${name}:`.padEnd(10)}`;
  return label + visibleLines(text).replaceAll("\n", `\n${" ".repeat(label.length)}`);
}

function summarize(findings: readonly Finding[]): string {
  const problems = findings.filter(({ ok }) => ok === false).length;
  const notes = findings.filter(({ ok }) => ok === "note").length;
  return [problems === 0 ? "all is well" : plural(problems, "problem"), ...(notes === 0 ? [] : [plural(notes, "note")])].join(", ");
}
