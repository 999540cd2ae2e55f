import { type Finding, plural } from "./finding.js";

const MARGIN = " ".repeat(4);

/** The findings for a reader: a line for what is well, and for the rest what was found and expected, and what mends it. */
export function formatFindings(findings: readonly Finding[]): string {
  return `${findings.map(formatFinding).join("\n")}\n\n${summarize(findings)}\n`;
}

function formatFinding({ check, ok, found, expected, mend }: Finding): string {
  if (ok === true) return `ok  ${check}: ${found}`;
  const lines = [`${ok === "note" ? "--" : "!!"}  ${check}`, field("found", found), field("expected", expected)];
  return [...lines, ...(mend === null ? [] : [field("mend", mend)])].join("\n");
}

function field(name: string, text: string): string {
  const label = `${MARGIN}${`${name}:`.padEnd(10)}`;
  return label + text.replaceAll("\n", `\n${" ".repeat(label.length)}`);
}

function summarize(findings: readonly Finding[]): string {
  const problems = findings.filter(({ ok }) => ok === false).length;
  const notes = findings.filter(({ ok }) => ok === "note").length;
  const told = [problems === 0 ? "all is well" : plural(problems, "problem"), ...(notes === 0 ? [] : [plural(notes, "note")])];
  return told.join(", ");
}
