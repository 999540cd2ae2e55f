import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { comingPart, pendingMigration } from "./migration-findings.js";
import type { TableFacts } from "./table-facts.js";

/** That the views which migrations make are there: one may have been dropped to change a column under it. */
export function checkViews(table: TableFacts, migrations: MigrationFacts): Finding[] {
  return migrations.own.flatMap(({ title, name, views, script }) =>
    views.map((view): Finding => {
      const finding = { check: `view ${view}`, expected: `the one of ${name}` };
      if (table.views.includes(view)) return { ...finding, ok: true, found: "there", mend: null };
      const pending = pendingMigration(migrations, table, title);
      if (pending !== undefined) return comingPart(finding.check, "none", finding.expected, pending);
      return { ...finding, ok: false, found: "none", mend: `npx prisma db execute --file ${script}` };
    }),
  );
}
