import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { pendingMigration, pendingPart } from "./migration-findings.js";
import type { TableFacts } from "./table-facts.js";

/** Checks that the views of the migrations are there: one may have been dropped to change a column that it reads. */
export function checkViews(table: TableFacts, migrations: MigrationFacts): Finding[] {
  return migrations.own.flatMap(({ title, name, views, script }) =>
    views.map((view): Finding => {
      const finding = { check: `view ${view}`, expected: `the one of ${name}` };
      if (table.views.includes(view)) return { ...finding, ok: true, found: "there", fix: null };
      const pending = pendingMigration(migrations, table, title);
      if (pending !== undefined) return pendingPart(finding.check, "none", finding.expected, pending, migrations);
      return { ...finding, ok: false, found: "none", fix: migrations.commands.execute(script) };
    }),
  );
}
