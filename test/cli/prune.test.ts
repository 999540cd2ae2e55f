import { createPrismaStorage, STATUSES } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../tools/free-port.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { run, runOnTerminal, start } from "./program.js";

const DONE = ["prune", "--status", "completed,failed", "--updated-before", "30d"];

describe("hephaestus-prisma prune", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  afterAll(() => database.close());

  // Of each status six, half of them of a family, stored 10, 20 … 60 days ago.
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    await createPrismaStorage(database.client).putMany(
      STATUSES.flatMap((status) =>
        [1, 2, 3, 4, 5, 6].map((n) => anInstance({ id: `${status}::${n}`, workflow: n % 2 === 0 ? "Order.V1" : "100%.V1", status })),
      ),
    );
    await database.sql(
      "UPDATE workflow_instances SET updated_at = timezone('UTC', now()) - right(id, 1)::int * interval '10 days' + interval '1 minute'",
    );
  });

  const left = async (): Promise<number> => Number((await database.sql("SELECT count(*)::int AS n FROM workflow_instances"))[0]?.n);
  const idsLike = async (pattern: string): Promise<unknown[]> =>
    (await database.sql("SELECT id FROM workflow_instances WHERE id LIKE $1 ORDER BY id", [pattern])).map(({ id }) => id);

  it("deletes what is old and of the statuses, and leaves the rest", async () => {
    expect(await run(DONE, database.url)).toEqual({ code: 0, out: "6 instances deleted\n", err: "" });
    for (const status of ["completed", "failed"])
      expect(await idsLike(`${status}%`)).toEqual([`${status}::1`, `${status}::2`, `${status}::3`]);
    expect(await left()).toBe(24);
    expect(await run(DONE, database.url)).toEqual({ code: 0, out: "0 instances deleted\n", err: "" });
  });

  it("writes its progress over itself on a terminal, and nowhere else", async () => {
    const text = await runOnTerminal([...DONE, "--batch-size", "2"], database.url, { columns: 80 });
    expect(text).toBe("\r2 deleted …\x1b[K\r4 deleted …\x1b[K\r6 deleted …\x1b[K\r\x1b[K6 instances deleted\n");
  });

  it("deletes only the family, whose name is taken to the letter", async () => {
    expect((await run([...DONE, "--family", "100%"], database.url)).out).toBe("2 instances deleted\n");
    expect(await idsLike("completed%")).toEqual(["1", "2", "3", "4", "6"].map((n) => `completed::${n}`));
    expect((await run([...DONE, "--family", "1%"], database.url)).out).toBe("0 instances deleted\n");
  });

  it("deletes what list lists with the same filters", async () => {
    const filters = [
      "--status",
      "completed,failed",
      "--updated-before",
      "30d",
      "--family",
      "Order.",
      "--family",
      "None.",
      "--id",
      "failed::4",
    ];
    expect((await run(["list", ...filters, "--count"], database.url)).out).toBe("1\n");
    expect((await run(["prune", ...filters], database.url)).out).toBe("1 instance deleted\n");
    expect(await idsLike("failed%")).not.toContain("failed::4");
  });

  it("deletes in batches", async () => {
    expect((await run([...DONE, "--batch-size", "4"], database.url)).out).toBe("6 instances deleted\n");
    expect(await left()).toBe(24);
  });

  it("understands minutes, hours, days and weeks", async () => {
    const completed = ["prune", "--dry-run", "--status", "completed", "--updated-before"];
    for (const [duration, count] of [
      ["9w", 0],
      ["5w", 3],
      ["59d", 1],
      ["264h", 5],
      ["14340m", 6],
      ["0m", 6],
    ] as const)
      expect((await run([...completed, duration], database.url)).out).toBe(
        `${count} ${count === 1 ? "instance" : "instances"} would be deleted\n`,
      );
  });

  it("deletes nothing in a dry run", async () => {
    expect(await run([...DONE, "--dry-run"], database.url)).toEqual({ code: 0, out: "6 instances would be deleted\n", err: "" });
    expect(await left()).toBe(30);
  });

  it("prints the result as JSON", async () => {
    expect(await run([...DONE, "--json", "--dry-run"], database.url)).toEqual({
      code: 0,
      out: '{"deleted":6,"dryRun":true,"stopped":false}\n',
      err: "",
    });
    expect((await run([...DONE, "--json"], database.url)).out).toBe('{"deleted":6,"dryRun":false,"stopped":false}\n');
  });

  it("deletes instances that may still run only with --include-active", async () => {
    const active = ["prune", "--status", "completed,waiting", "--updated-before", "30d"];
    expect(await run(active, database.url)).toMatchObject({ code: 2, out: "" });
    expect((await run(active, database.url)).err).toContain("instances that may still run (waiting): say so with --include-active");
    expect(await left()).toBe(30);
    expect((await run([...active, "--include-active"], database.url)).out).toBe("6 instances deleted\n");
  });

  it("takes the database of --url before that of DATABASE_URL", async () => {
    expect((await run([...DONE, "--url", database.url], "postgresql://nowhere.invalid/none")).out).toBe("6 instances deleted\n");
  });

  it("works in the schema of the URL", async () => {
    await database.sql(`CREATE SCHEMA "Other ""one"`);
    await database.sql(`CREATE TABLE "Other ""one".workflow_instances AS TABLE workflow_instances`);
    const url = new URL(database.url);
    url.searchParams.set("schema", 'Other "one');
    expect(await run(DONE, url.href)).toEqual({ code: 0, out: "6 instances deleted\n", err: "" });
    expect(await left()).toBe(30);
    url.searchParams.set("schema", "empty");
    expect(await run(DONE, url.href)).toMatchObject({
      code: 1,
      out: "",
      err: 'hephaestus-prisma: the database has no table "empty"."workflow_instances". Create it:\n  npx prisma migrate deploy\nIf nothing is pending, run npx hephaestus-prisma doctor: it says why\n',
    });
  });

  it("works on the table that --table names", async () => {
    await database.sql("CREATE SCHEMA apart; CREATE TABLE apart.runs AS TABLE workflow_instances");
    expect((await run([...DONE, "--table", "apart.runs"], database.url)).out).toBe("6 instances deleted\n");
    expect([await left(), await database.sql("SELECT count(*)::int AS n FROM apart.runs")]).toEqual([30, [{ n: 24 }]]);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "stops at a %s after the batch that runs, and reports how many were deleted until then",
    async (signal) => {
      await database.sql(
        `CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN OLD; END'`,
      );
      await database.sql("CREATE TRIGGER slow BEFORE DELETE ON workflow_instances FOR EACH STATEMENT EXECUTE FUNCTION slow()");
      try {
        const program = start([...DONE, "--batch-size", "2"], database.url);
        while ((await left()) === 30) await new Promise((resolve) => setTimeout(resolve, 20));
        program.kill(signal);
        const { code, out, err } = await program.ended;
        expect({ code, err }).toEqual({ code: signal === "SIGTERM" ? 143 : 130, err: "" });
        expect(out).toBe(`stopped, ${30 - (await left())} instances deleted until then\n`);
        expect(await left()).toBeGreaterThan(24);
      } finally {
        await database.sql("DROP TRIGGER slow ON workflow_instances");
      }
    },
  );

  it.each([
    [["purge"], 'there is no command "purge": expected one of init, doctor, migrate, list, show, prune.\n'],
    [
      ["lst"],
      'there is no command "lst": expected one of init, doctor, migrate, list, show, prune. Did you mean "list"?\nnpx hephaestus-prisma --help lists the commands.\n',
    ],
    [["prune"], "--status is missing, such as --status completed,failed"],
    [["prune", "--status", "completed"], "--updated-before is missing, such as --updated-before 30d"],
    [
      ["prune", "--status", "done", "--updated-before", "30d"],
      '--status is invalid: expected a list of pending, running, waiting, completed, failed, found "done"',
    ],
    [
      ["prune", "--status", "", "--updated-before", "30d"],
      '--status is invalid: expected a list of pending, running, waiting, completed, failed, found ""',
    ],
    [["prune", "--status", "completed", "--updated-before", "30"], "--updated-before is invalid: expected a date such as"],
    [["prune", "--status", "completed", "--updated-before", "99999w"], "--updated-before is invalid"],
    [[...DONE, "--batch-size", "0"], "--batch-size is invalid: expected an integer from 1"],
    [[...DONE, "--dryrun"], "Unknown option '--dryrun'. Did you mean --dry-run?\nnpx hephaestus-prisma prune --help lists its options.\n"],
    [[...DONE, "now"], "Unexpected argument 'now'"],
    [[...DONE, "--family"], "Option '--family <value>' argument missing"],
    [[...DONE, "--url", "mysql://root:secret@localhost/x"], "the URL is invalid: expected one like postgresql://"],
  ])("rejects the command line %j", async (args, message) => {
    const { code, out, err } = await run(args, database.url);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/^ +at |secret/m);
    expect(await left()).toBe(30);
  });

  it("asks for a database if none is named", async () => {
    expect(await run(DONE)).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Set DATABASE_URL or give --url") as string });
  });

  it("says clearly that a server can't be reached, without a stack", async () => {
    const port = await freePort();
    const { code, out, err } = await run(DONE, `postgresql://user:secret@127.0.0.1:${port}/none`);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toBe(`hephaestus-prisma: can't reach the database server at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n`);
    const { err: both } = await run(DONE, `postgresql://user:secret@localhost:${port}/none`);
    expect(both).toContain(`can't reach the database server at localhost:${port}: connect ECONNREFUSED`);
    expect(both.trim().split("\n")).toHaveLength(1);
  });

  it("passes on what the server says, without a stack", async () => {
    const url = new URL(database.url);
    url.password = "wrong";
    expect(await run(DONE, url.href)).toEqual({
      code: 1,
      out: "",
      err: 'hephaestus-prisma: password authentication failed for user "postgres"\n',
    });
  });

  it("explains itself", async () => {
    const { code, out, err } = await run(["prune", "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("--updated-before <time>");
    expect((await run(["--help"])).out).toContain("prune    delete old workflow instances");
    const { out: version } = await run(["--version"]);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(await run(["-v"])).toEqual({ code: 0, out: version, err: "" });
    expect(await run([])).toEqual(await run(["--help"]));
  });
});
