import { visible, visibleLines } from "../terminal/visible.js";
import { type Finding, plural } from "./finding.js";

const MARGIN = " ".repeat(4);

/**
 * Formats findings for a reader: what was found and expected and how to fix it for what isn't well; for the rest how many
 * they are, or one line each.
 */
export function formatFindings(findings: readonly Finding[], verbose: boolean): string {
  const well = findings.filter(({ ok }) => ok === true);
  const others = findings.filter(({ ok }) => ok !== true);
  const lines = verbose ? findings.map(formatFinding) : [...(well.length > 0 ? [countOf(well)] : []), ...others.map(formatFinding)];
  const gap = verbose || others.length > 0 ? "\n" : "";
  return `${lines.join("\n")}\n${gap}${summarize(findings)}\n`;
}

function countOf(well: readonly Finding[]): string {
  const where = ["server", "table"].flatMap((check) => well.find((one) => one.check === check)?.found ?? []);
  return `ok  ${[...where.map(visible), `${plural(well.length, "check")} passed`].join(", ")}`;
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
