/** A Markdown table. All columns except the first, and those that are named, are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], leftAligned: readonly string[] = []): string {
  const line = (columns: readonly string[]): string => `| ${columns.join(" | ")} |`;
  return [line(head), line(head.map((name, index) => (index === 0 || leftAligned.includes(name) ? "---" : "--:"))), ...rows.map(line)].join(
    "\n",
  );
}

/** A whole number with thousands separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
