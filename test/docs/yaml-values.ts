const ENTRY = /^([\w.-]+):(?: (.+))?$/;
const UNSAFE = /^[&*!|>%@`{"']|: | #|\t/; // YAML would read another value than what is written

interface Open {
  readonly indent: number;
  readonly path: string;
  readonly folds: boolean;
}

const ROOT: Open = { indent: -2, path: "", folds: false };

/**
 * The values of a YAML document by their paths, such as `jobs.test.steps[].run`. It knows what the documentation uses:
 * mappings, lists, plain scalars and folded ones, indented by two spaces each.
 *
 * @throws Error naming the line that is none of these.
 */
export function yamlValues(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  const open: Open[] = [];
  const enter = (entered: Open): void => {
    open.splice(open.findLastIndex(({ indent }) => indent < entered.indent) + 1);
    open.push(entered);
  };
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    let rest = line.trimStart();
    let indent = line.length - rest.length;
    let parent = open.findLast((one) => one.indent < indent) ?? ROOT;
    if (parent.folds) continue;
    if (indent !== parent.indent + 2) throw new Error(`indented by ${indent}, not ${parent.indent + 2}: ${line}`);
    if (rest.startsWith("- ")) {
      parent = { indent, path: `${parent.path}[]`, folds: false };
      enter(parent);
      indent += 2;
      rest = rest.slice(2);
    }
    const [, key, inline] = ENTRY.exec(rest) ?? [];
    const path = key === undefined ? parent.path : [parent.path, key].filter(Boolean).join(".");
    const value = key === undefined ? rest : inline;
    if (key === undefined && !parent.path.endsWith("[]")) throw new Error(`neither an entry nor an item: ${line}`);
    if (value === undefined || value === ">-") enter({ indent, path, folds: value === ">-" });
    else if (UNSAFE.test(value)) throw new Error(`not a plain value: ${line}`);
    else values.set(path, [...(values.get(path) ?? []), value]);
  }
  return values;
}
