import { describe, expect, it } from "vitest";
import { createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { diagnose, fixAll } from "./diagnose.js";

describe("hephaestus-prisma doctor on settings of the database", () => {
  it("reports a DateStyle in which Prisma can't read times", async () => {
    const url = await createMigratedDatabase();
    await query(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET DateStyle = 'German'`);
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({ code: 1, wrong: [{ check: "DateStyle", ok: false, found: "German, DMY" }] });
    await fixAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("reports another version of the collation than the one that the indexes were built with", async () => {
    const url = await createMigratedDatabase();
    await query(url, "UPDATE pg_database SET datcollversion = '1.0' WHERE datname = current_database()");
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({ code: 1, wrong: [{ check: "collation", ok: false, expected: "version 1.0" }] });
    expect(wrong[0]?.found).toMatch(/^version 1\.0 in the database, .* on the server: an index may miss rows, the primary key too$/);
    expect(wrong[0]?.fix).toMatch(
      /^REINDEX TABLE CONCURRENTLY public\.workflow_instances; .*\nALTER DATABASE \w+ REFRESH COLLATION VERSION;$/,
    );
  });
});
