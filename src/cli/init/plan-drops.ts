import { join } from "node:path";
import { choiceOf, dropIndex } from "../project/index-choices.js";
import { freshName, recognise } from "../project/migration-names.js";
import type { FileAction } from "./file-action.js";

/**
 * Plans the migrations that drop indexes, after those that a folder will have. Each has one statement, because a distributed
 * table takes no more.
 *
 * @param removed those that the model has had until now: if a migration has dropped one before, another has created it since.
 */
export function planDrops(
  folder: string,
  names: readonly string[],
  { without, removed }: { readonly without: readonly string[]; readonly removed: readonly string[] },
  now: Date,
): FileAction[] {
  const all = [...names];
  return without.map((index): FileAction => {
    const there = removed.includes(index) ? undefined : recognise(all, ownName(index));
    if (there !== undefined) return { action: "keep", path: join(folder, there, "migration.sql") };
    const name = freshName(all, ownName(index), now);
    all.push(name);
    return { action: "create", path: join(folder, name, "migration.sql"), text: script(index) };
  });
}

/** As if it were one of the package's own, for the names that projects give to these. */
function ownName(index: string): string {
  return `00000000000000_drop_${index}`;
}

function script(index: string): string {
  const { name = "", calls = "" } = choiceOf(index) ?? {};
  return `-- Written by hephaestus-prisma init --without ${name}. Without this index, puts cost less, and these read the whole table:
-- ${calls}.
--
-- The statement waits for all that is running on the table, and all that comes later waits for it. On a busy table, run it by
-- hand before you deploy, as DROP INDEX CONCURRENTLY: this one then finds nothing to do.
${dropIndex(index)}
`;
}
