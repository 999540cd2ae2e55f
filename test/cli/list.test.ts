import { stripVTControlCharacters } from "node:util";
import {
  createPrismaStorage,
  type ListOptions,
  type PrismaStorage,
  type QueryFilters,
  STATUSES,
  type SummaryPage,
} from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase, preparePostgresDatabase } from "../database.js";
import { ectoRows, insertEctoRows } from "../ecto.js";
import { databaseOn, storageOn } from "../storage-on.js";
import { type Ended, run, runInShell, runOnTerminal, start } from "./program.js";

const HOUR = 60 * 60_000;
const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * HOUR);

describe("hephaestus-prisma list", () => {
  let database: PostgresDatabase;
  let storage: PrismaStorage;

  // 15 of our own and those of HephaestusEcto, the n-th updated n hours ago and inserted n days ago, both and a half.
  beforeAll(async () => {
    database = await createPostgresDatabase();
    storage = createPrismaStorage(database.client, { table: "public.workflow_instances" });
    await storage.putMany(
      STATUSES.flatMap((status, s) =>
        [1, 2, 3].map((n) =>
          anInstance({
            ...{ id: `${status}::${n}`, workflow: `${n === 3 ? "100%" : "Order"}.V${n}`, workflowVersion: n, status },
            context: { initial: { customer: s * 10 + n, tags: ["a", status] }, steps: {} },
            currentStep: n === 1 ? null : "pay",
          }),
        ),
      ),
    );
    await insertEctoRows(database, ectoRows);
    await database.sql("CREATE SCHEMA apart");
    await database.sql(
      "INSERT INTO workflow_instances (id, workflow, state) VALUES ('large', 'W', '{\"context\": {\"initial\": {\"n\": 9007199254740993}}}')",
    );
    await database.sql(`
      UPDATE workflow_instances SET inserted_at = timezone('UTC', now()) - (n + 0.5) * interval '1 day',
                                    updated_at = timezone('UTC', now()) - (n + 0.5) * interval '1 hour'
      FROM (SELECT id, row_number() OVER (ORDER BY md5(id)) AS n FROM workflow_instances) numbered
      WHERE numbered.id = workflow_instances.id`);
  });
  afterAll(() => database.close());

  const list = (...args: readonly string[]): Promise<Ended> => run(["list", ...args], database.url);
  const page = async (...args: readonly string[]): Promise<SummaryPage> => JSON.parse((await list(...args, "--json")).out) as SummaryPage;
  const ids = ({ items }: { readonly items: readonly { readonly id: string }[] }): string[] => items.map(({ id }) => id);
  /** What the storage returns, as JSON holds it, with the steps of the instances; none of them says why it failed. */
  const stored = async (filters: QueryFilters, options: ListOptions = {}): Promise<unknown> => {
    const { items, nextCursor } = await storage.list(filters, { limit: 100, ...options });
    const rows = await database.sql("SELECT id, state->>'current_step' AS step FROM workflow_instances");
    const steps = new Map(rows.map(({ id, step }) => [id, step]));
    return JSON.parse(JSON.stringify({ items: items.map((item) => ({ ...item, step: steps.get(item.id), error: null })), nextCursor }));
  };

  const filters: [readonly string[], QueryFilters, number][] = [
    [["--status", "failed"], { status: "failed" }, 3],
    [["--status", "failed,waiting"], { statusIn: ["failed", "waiting"] }, 9],
    [["--workflow", "Order.V1"], { workflow: "Order.V1" }, 5],
    [["--workflow", "Order.V1,100%.V3"], { workflowIn: ["Order.V1", "100%.V3"] }, 10],
    [["--family", "Order."], { workflowFamily: "Order." }, 10],
    [["--family", "100%"], { workflowFamily: "100%" }, 5],
    [["--family", "1%"], { workflowFamily: "1%" }, 0],
    [["--family", "100%", "--family", "Elixir.MyApp.Workflows.Inv"], { workflowFamilyIn: ["100%", "Elixir.MyApp.Workflows.Inv"] }, 7],
    [["--version", "7"], { workflowVersion: 7 }, 1],
    [["--id", "waiting::2"], { id: "waiting::2" }, 1],
    [["--id", "orderid::ünïcode 😀/x?y"], { id: "orderid::ünïcode 😀/x?y" }, 1],
    [["--updated-after", "4h"], { updatedAfter: hoursAgo(4) }, 3],
    [["--updated-before", "4h"], { updatedBefore: hoursAgo(4) }, 26],
    [["--inserted-after", "1w"], { insertedAfter: hoursAgo(24 * 7) }, 6],
    [["--inserted-before", hoursAgo(24 * 7).toISOString()], { insertedBefore: hoursAgo(24 * 7) }, 23],
    [["--context", '{"customer": 11}'], { contextContains: { customer: 11 } }, 1],
    [["--context", '{"tags": ["failed"]}'], { contextContains: { tags: ["failed"] } }, 3],
    [["--state", '{"current_step": "pay"}'], { stateContains: { current_step: "pay" } }, 10],
    [
      [
        "--state",
        '{"current_step": "pay"}',
        "--context",
        '{"tags": ["a"]}',
        "--status",
        "failed",
        "--version",
        "2",
        "--updated-before",
        "0m",
      ],
      { stateContains: { current_step: "pay" }, contextContains: { tags: ["a"] }, status: "failed", workflowVersion: 2 },
      1,
    ],
    [[], {}, 29],
  ];

  it.each(filters)("lists with %j what the storage lists with %j", async (flags, asked, count) => {
    const found = await page(...flags, "--limit", "100");
    expect(found).toEqual(await stored(asked));
    expect(found.items).toHaveLength(count);
    expect((await list(...flags, "--count")).out).toBe(`${count}\n`);
  });

  it("looks for integers to the last digit", async () => {
    expect(ids(await page("--context", '{"n": 9007199254740993}'))).toEqual(["large"]);
    expect(ids(await page("--context", '{"n": 9007199254740992}'))).toEqual([]);
  });

  it("reads times as UTC, in whatever zone it runs", async () => {
    const { out } = await run(["list", "--json"], database.url, { env: { TZ: "Asia/Kolkata" } });
    expect(JSON.parse(out)).toEqual(await stored({}, { limit: 50 }));
  });

  it("counts as JSON", async () => {
    expect(await list("--count", "--status", "failed", "--json")).toEqual({ code: 0, out: '{"count":3}\n', err: "" });
  });

  it("counts by status, workflow or version, the most first", async () => {
    expect((await list("--count-by", "version", "--workflow", "Order.V1,Order.V2,100%.V3")).out).toBe(
      "version  instances\n1        5\n2        5\n3        5\n",
    );
    const counts = await storage.countBy("workflow", { statusIn: ["failed", "waiting"] });
    const { out } = await list("--count-by", "workflow", "--status", "failed,waiting", "--json");
    const parsed = JSON.parse(out) as { counts: { workflow: string; count: number }[] };
    expect(new Map(parsed.counts.map(({ workflow, count }) => [workflow, count]))).toEqual(counts);
    expect(parsed.counts.map(({ count }) => count)).toEqual([...counts.values()].sort((a, b) => b - a));
    expect((await list("--count-by", "status", "--status", "failed")).out).toBe("status  instances\nfailed  3\n");
    expect((await list("--count-by", "status", "--id", "nobody")).out).toBe("no instances\n");
    expect((await list("--count-by", "status", "--id", "nobody", "--json")).out).toBe('{"counts":[]}\n');
  });

  it("lists the table that --table names, and repeats it for the next page", async () => {
    await database.sql("CREATE TABLE apart.runs AS SELECT * FROM workflow_instances WHERE id LIKE 'failed::%'");
    const { out } = await list("--table", "apart.runs", "--limit", "2");
    expect(out.match(/^failed::/gm)).toHaveLength(2);
    expect(out).toMatch(/^next page: npx hephaestus-prisma list --table apart\.runs --limit 2 --cursor /m);
    expect((await list("--table", "apart.runs", "--count")).out).toBe("3\n");
  });

  /** The ids of all pages, each begun by the cursor of the one before. */
  const walk = async (...flags: readonly string[]): Promise<string[]> => {
    const { items, nextCursor } = await page(...flags);
    return [...ids({ items }), ...(nextCursor === null ? [] : await walk(...flags, "--cursor", nextCursor))];
  };

  it.each(["updatedAt", "insertedAt", "id"] as const)("comes to the end by %s, page by page, in both directions", async (orderBy) => {
    const flags = ["--limit", "11", "--order-by", { updatedAt: "updated-at", insertedAt: "inserted-at", id: "id" }[orderBy]];
    for (const direction of ["asc", "desc"] as const)
      expect(await walk(...flags, `--${direction}`)).toEqual(ids(await storage.list({}, { limit: 100, orderBy, direction })));
  });

  it("comes to the end by containment and statuses too", async () => {
    const walked = await walk("--context", '{"tags": ["a"]}', "--status", "failed,pending,running", "--limit", "4");
    expect(walked).toEqual(ids(await storage.list({ contextContains: { tags: ["a"] }, statusIn: ["failed", "pending", "running"] })));
    expect(walked).toHaveLength(9);
  });

  it("shows a table, aligned, whatever the names are made of", async () => {
    expect(await list("--state", '{"current_step": null}', "--family", "Elixir.MyApp.Workflows.Order.", "--order-by", "id")).toEqual({
      code: 0,
      err: "",
      out: `id                         workflow                         version  status     step  updated
orderid::ünïcode 😀/x?y    Elixir.MyApp.Workflows.Order.V1  1        pending    -     12 h ago
orderid::stringkeys        Elixir.MyApp.Workflows.Order.V2  2        running    -     19 h ago
orderid::run2              Elixir.MyApp.Workflows.Order.V2  2        completed  -     16 h ago
orderid::abc123::9f8e7d6c  Elixir.MyApp.Workflows.Order.V2  2        pending    -     21 h ago
orderid::abc123            Elixir.MyApp.Workflows.Order.V1  1        pending    -     1 d ago
`,
    });
  });

  it("prints the command line of the next page, which works", async () => {
    const flags = ["--family=Order.", "--context", `{"tags": ["a"]}`, "--limit", "6", "--desc"];
    const { out } = await list(...flags);
    const command = /^next page: npx hephaestus-prisma list (.+)$/m.exec(out)?.[1] ?? "";
    expect(command).toMatch(/^--family Order\. --context '\{"tags": \["a"\]\}' --limit 6 --desc --cursor [\w-]+$/);
    const next = await list(...flags, "--cursor", command.split(" ").at(-1) ?? "");
    expect(next.out.trimEnd().split("\n")).toHaveLength(5);
    expect(next.out).not.toContain("next page");
    const { out: named } = await run([
      "list",
      "--cursor",
      "x",
      "--limit",
      "1",
      "--url",
      database.url,
      "--cursor",
      (await page("--limit", "1")).nextCursor ?? "",
    ]);
    expect(named).toMatch(/^next page: npx hephaestus-prisma list --limit 1 --url … --cursor [\w-]+$/m);
  });

  it("says so if there is nothing", async () => {
    expect(await list("--id", "nobody")).toEqual({ code: 0, out: "no instances\n", err: "" });
    expect(await list("--id", "nobody", "--json")).toEqual({ code: 0, out: '{"items":[],"nextCursor":null}\n', err: "" });
  });

  it("reports corrupt rows on stderr, and lists the others page by page", async () => {
    await database.sql("CREATE TABLE apart.loose (LIKE workflow_instances INCLUDING DEFAULTS)");
    await database.sql(`
      INSERT INTO apart.loose (id, workflow, state, status, updated_at) VALUES
        ('first', 'W', '{}', 'failed', '2026-04-12'), ('second', 'W', '{}', 'failed', '2026-04-11'), ('third', 'W', '{}', 'failed', '2026-04-10'),
        ('endless', 'W', '{}', 'failed', 'infinity'), ('ancient', 'W', '{}', 'failed', '0044-03-15 BC'),
        (E'lost\u001b[31m', 'W', '{}', 'gone', '2026-04-11 12:00')`);
    const loose = (...args: readonly string[]): Promise<Ended> => list("--table", "apart.loose", "--limit", "2", ...args);
    const first = await loose("--json");
    const { items, nextCursor } = JSON.parse(first.out) as SummaryPage;
    expect({ code: first.code, ids: ids({ items }) }).toEqual({ code: 0, ids: ["first", "second"] });
    expect(first.err).toMatch(
      /^hephaestus-prisma: row "endless" is corrupt at updated_at: .+\n.+ row "lost.+" is corrupt at status: .+\n$/,
    );
    expect(first.err).not.toContain("\u001b");
    const second = await loose("--cursor", nextCursor ?? "");
    expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/^id .+\nthird .+\n$/) as string });
    expect(second.err).toMatch(/^hephaestus-prisma: row "ancient" is corrupt at updated_at: .+\n$/);
    expect(await loose("--id", "endless")).toMatchObject({ code: 0, out: "no instances\n" });
    expect((await list("--table", "apart.loose", "--count")).out).toBe("6\n");
  });

  it("lets nothing that a terminal would obey through", async () => {
    const id = "evil\u001b[31m\u0007\u009b2J\u007f\r\n\t\u0085\u2028\u2066\u202ereversed é😀👩‍👩‍👧‍👦 \\";
    await storage.put(anInstance({ id, workflow: "W\u001b]0;title\u0007" }));
    try {
      const { out } = await list("--id", id);
      expect(out).toContain(
        "evil\\u001b[31m\\u0007\\u009b2J\\u007f\\r\\n\\t\\u0085\\u2028\\u2066\\u202ereversed é😀👩‍👩‍👧‍👦 \\  W\\u001b]0;title\\u0007",
      );
      expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028\u2066\u202e]/u);
      const { out: json } = await list("--id", id, "--json");
      expect(json.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u2066\u202e]/u);
      expect(ids(JSON.parse(json) as SummaryPage)).toEqual([id]);
    } finally {
      await storage.delete(id);
    }
  });

  it("ends quietly if nobody reads on", async () => {
    const program = start(["list", "--limit", "100"], database.url);
    program.stopReading();
    expect(await program.ended).toEqual({ code: 0, out: "", err: "" });
  });

  it.each([
    [["--status", "done"], '--status is invalid: expected a list of pending, running, waiting, completed, failed, found "done"'],
    [["--version", "0"], "--version is invalid: expected an integer from 1 to 2147483647, found 0"],
    [["--version", "1e3"], '--version is invalid: expected an integer from 1 to 2147483647, found "1e3"'],
    [["--id", ""], 'the filter "id" is invalid: expected a string of 1 to 255 characters, found an empty one'],
    [["--workflow", "a,,b"], 'the filter "workflowIn" is invalid: at [1], expected a string of 1 to 255 characters, found an empty one'],
    [
      ["--updated-before", "yesterday"],
      "--updated-before is invalid: expected a date such as 2026-04-12 or 2026-04-12T10:00Z, or so long ago",
    ],
    [["--inserted-after", "2026-02-30"], "--inserted-after is invalid: expected a date"],
    [["--inserted-after", "3y"], "--inserted-after is invalid: expected a whole number of minutes"],
    [["--context", "{customer: 1}"], '--context is invalid: expected a JSON object such as {"customer": 4711}, found no JSON'],
    [["--state", "[1]"], '--state is invalid: expected a JSON object such as {"customer": 4711}, found an array'],
    [["--state", '{"a":"\\u0000"}'], "--state is invalid: PostgreSQL can't store a NUL character"],
    [["--order-by", "status"], '--order-by is invalid: expected updated-at, inserted-at, id, found "status"'],
    [["--asc", "--desc"], "--asc and --desc exclude each other"],
    [["--limit", "0"], "--limit is invalid: expected an integer from 1"],
    [["--cursor", "x"], 'the option "cursor" is invalid: expected the nextCursor of a list by updatedAt desc'],
    [["--count", "--limit", "5"], "--count counts all that match: leave out --limit"],
    [["--count-by", "state"], '--count-by is invalid: expected status, workflow, version, error, found "state"'],
    [["--stuck", "soon"], "--stuck is invalid: expected a whole number of minutes"],
    [["--stuck", "1h", "--status", "failed"], "--stuck stands for --status and --updated-before: leave them out"],
    [["--statu", "failed"], "Unknown option '--statu'. Did you mean --status?"],
    [["--count-by", "status", "--count"], "--count and --count-by exclude each other"],
    [["--count-by", "status", "--cursor", "x"], "--count-by counts all that match: leave out --cursor"],
    [["--table", "a.b.c"], "--table is invalid: expected the name of a table"],
    [["order::1"], "Unexpected argument 'order::1'"],
    [["--older-than", "3d"], "Unknown option '--older-than'"],
  ])("rejects the command line %j", async (args, message) => {
    const { code, out, err } = await list(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/^ +at /m);
  });

  it("rejects a cursor of another order", async () => {
    const { nextCursor } = await page("--limit", "1");
    expect((await list("--cursor", nextCursor ?? "", "--order-by", "id")).code).toBe(2);
  });

  it("explains itself", async () => {
    expect((await run(["list", "--help"])).out).toContain("--order-by <column>");
    expect((await run(["--help"])).out).toContain("list     list workflow instances, page by page");
    const asked = { code: 2, out: "", err: expect.stringContaining("Set DATABASE_URL or give --url") as string };
    expect(await start(["list"]).ended).toEqual(asked); // the exit code of a process
    expect(await run(["list"])).toEqual(asked);
  });
});

describe("the table of a list on a terminal", () => {
  const database = databaseOn(preparePostgresDatabase);
  const id = "order::550e8400-e29b-41d4-a716-446655440000";
  const workflow = "Elixir.MyApp.Workflows.Order.V2";
  const onTerminal = (columns: number, ...args: readonly string[]): Promise<string> =>
    runOnTerminal(["list", ...args], database.url, { columns });

  beforeAll(async () => {
    await database.sql(
      `INSERT INTO workflow_instances (id, workflow, workflow_version, status, state, inserted_at, updated_at)
       SELECT id, workflow, 2, status, state::jsonb, timezone('UTC', now()) - interval '2.5 days', timezone('UTC', now()) - age
       FROM (VALUES ($1, $2, 'failed', '{"current_step": "pay", "runtime_metadata": {"reason": "no stock\\n  at shelf"}}', interval '3.5 hours'),
                    ('b', 'Order.V1', 'completed', '{}', interval '4.5 hours'),
                    ('中文字符中文字符中文字符', 'Order.V3', 'waiting', '{}', interval '5.5 hours'),
                    ('${"👩‍👩‍👧‍👦".repeat(12)}', 'Order.V3', 'running', '{}', interval '6.5 hours')) AS rows (id, workflow, status, state, age)`,
      [id, workflow],
    );
  });

  it("shortens what is wide to fit, and has colours", async () => {
    expect(await onTerminal(80, "--limit", "1")).toMatch(
      new RegExp(
        "^\\u001b\\[1mid                  workflow            version  status  step  updated  error\\u001b\\[22m\\n" +
          "order::550e…440000  Elixir.MyAp…der.V2  2        \\u001b\\[31mfailed\\u001b\\[39m  pay   3 h ago  no stock\\n" +
          "\\nnext page: \\u001b\\[2mnpx hephaestus-prisma list --limit 1 --cursor [\\w-]+\\u001b\\[22m\\n$",
      ),
    );
  });

  it("leaves what fits as it is", async () => {
    expect(await onTerminal(200)).toContain(`${id}  ${workflow}  `);
    expect(await onTerminal(80, "--workflow", "Order.V1")).toContain("\nb   Order.V1  2        ");
  });

  it("cuts texts between characters, and knows how wide they are", async () => {
    const text = stripVTControlCharacters(await onTerminal(56, "--workflow", "Order.V1,Order.V3"));
    expect(text).toBe(
      "id           workflow  version  status     step  updated\n" +
        "b            Order.V1  2        completed  -     4 h ago\n" +
        "中文…文字符  Order.V3  2        waiting    -     5 h ago\n" +
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦  Order.V3  2        running    -     6 h ago\n",
    );
  });

  it("colours statuses in counts too", async () => {
    expect(await onTerminal(80, "--count-by", "status")).toBe(
      "\u001b[1mstatus     instances\u001b[22m\n" +
        "\u001b[32mcompleted\u001b[39m  1\n\u001b[31mfailed   \u001b[39m  1\n" +
        "\u001b[36mrunning  \u001b[39m  1\n\u001b[33mwaiting  \u001b[39m  1\n",
    );
  });

  it("has no colours if NO_COLOR is set, unless to nothing", async () => {
    const withColour = (value: string): Promise<string> =>
      runOnTerminal(["list", "--workflow", "Order.V1"], database.url, { columns: 80, env: { NO_COLOR: value } });
    expect(await withColour("1")).not.toContain("\u001b");
    expect(await withColour("")).toContain("\u001b[32mcompleted\u001b[39m");
  });

  it("has neither colours nor a width if it is no terminal, unless FORCE_COLOR asks for colours", async () => {
    const listed = async (env: NodeJS.ProcessEnv): Promise<string> => (await run(["list", "--id", id], database.url, { env })).out;
    const line = `\n${id}  ${workflow}  2        failed  pay   3 h ago  no stock\n`;
    for (const FORCE_COLOR of [undefined, "0", "false"]) expect(await listed({ COLUMNS: "40", FORCE_COLOR })).toContain(line);
    const coloured = await listed({ FORCE_COLOR: "1", NO_COLOR: "1" });
    expect(coloured).toContain("\u001b[31mfailed\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toContain(line);
  });
});

describe("what a list is for on call", () => {
  const database = databaseOn(preparePostgresDatabase);
  const list = async (...args: readonly string[]): Promise<string> => (await run(["list", ...args], database.url)).out;
  const firstColumn = (text: string): string[] => text.trimEnd().split("\n").slice(1).map((line) => line.split(" ")[0] ?? ""); // prettier-ignore

  beforeAll(async () => {
    const storage = createPrismaStorage(database.client);
    const [entry] = anInstance().executionHistory;
    const failing = (id: string, contextUpdates: Record<string, unknown> | null, runtimeMetadata = {}): ReturnType<typeof anInstance> =>
      anInstance({ id, status: "failed", runtimeMetadata, executionHistory: entry ? [{ ...entry, contextUpdates }] : [] });
    await storage.putMany([
      ...STATUSES.map((status) => anInstance({ id: status, status, executionHistory: [], runtimeMetadata: { error: "not now" } })),
      failing("by error", { error: new Error("card declined") }),
      failing("by message", { error: { message: "card declined", code: 7 } }, { error: "older" }),
      failing("by metadata", null, { reason: "no stock" }),
      failing("by nothing", null),
    ]);
    await database.sql(`UPDATE workflow_instances SET updated_at = timezone('UTC', now()) - CASE id
      WHEN 'waiting' THEN interval '3 hours' WHEN 'running' THEN interval '2 hours' WHEN 'pending' THEN interval '5 minutes' ELSE interval '9 hours' END`);
  });

  it("shows the errors of those that failed, from the last event or the metadata", async () => {
    const lines = (await list("--status", "failed", "--order-by", "id", "--asc")).split("\n");
    expect(lines[0]).toMatch(/ updated {2}error$/);
    expect(lines.slice(1, -1).map((line) => line.split(" h ago")[1]?.trim())).toEqual([
      ...["card declined", "card declined", "no stock", ""],
      "not now",
    ]);
    expect(await list("--status", "completed")).toMatch(/ updated\n.* ago\n$/);
  });

  it("lists what is stuck, the longest first", async () => {
    expect(firstColumn(await list("--stuck", "1h"))).toEqual(["waiting", "running"]);
    expect(firstColumn(await list("--stuck", "1h", "--desc"))).toEqual(["running", "waiting"]);
    expect(firstColumn(await list("--stuck", "1m"))).toEqual(["waiting", "running", "pending"]);
    expect(await list("--stuck", "150m", "--count")).toBe("1\n");
    const next = /^next page: (.+)$/m.exec(await list("--stuck", "1m", "--limit", "1"))?.[1] ?? "";
    expect(next).toContain("npx hephaestus-prisma list --stuck 1m --limit 1 --cursor ");
    expect(firstColumn((await runInShell(next, database.url)).out)[0]).toBe("running");
  });

  it("counts those that failed by their error", async () => {
    expect(await list("--count-by", "error")).toBe(
      "error          instances\ncard declined  2\nno error       1\nno stock       1\nnot now        1\n",
    );
    expect(JSON.parse(await list("--count-by", "error", "--id", "by nothing", "--json"))).toEqual({ counts: [{ error: null, count: 1 }] });
    expect(await list("--count-by", "error", "--status", "running")).toBe("no instances\n");
    const { items } = JSON.parse(await list("--status", "failed", "--json")) as { readonly items: readonly { readonly error: unknown }[] };
    expect(items.map(({ error }) => error).sort()).toEqual(["card declined", "card declined", "no stock", "not now", null].sort());
  });
});

describe("times and command lines of a list", () => {
  const { database } = storageOn(preparePostgresDatabase);
  const list = async (...args: readonly string[]): Promise<string> => (await run(["list", ...args], database.url)).out;
  const insert = (rows: string): Promise<unknown> =>
    database.sql(
      `INSERT INTO workflow_instances (id, workflow, state, inserted_at, updated_at) SELECT id, workflow, '{}', at, at FROM (${rows}) AS rows`,
    );

  it("says how long ago something was, in its largest unit", async () => {
    await insert(`
      SELECT ago AS id, 'W' AS workflow, timezone('UTC', now()) - age::interval AS at
      FROM (VALUES ('a', '30 s'), ('b', '59.5 min'), ('c', '23.5 h'), ('d', '366.5 days'), ('e', '-3.5 min')) AS ages (ago, age)`);
    const lines = (await list("--order-by", "id", "--asc")).trimEnd().split("\n").slice(1);
    expect(lines.map((line) => line.split(/ {2,}/).at(-1))).toEqual([
      expect.stringMatching(/^\d+ (?:s|min) ago$/),
      ...["59 min ago", "23 h ago", "366 d ago", "in 3 min"],
    ]);
  });

  it.each([
    ["2026-04-12", "2026-04-12T00:00:00.000"],
    ["2026-04-12T10:11", "2026-04-12T10:11:00.000"],
    ["2026-04-12T10:11:12.5Z", "2026-04-12T10:11:12.500"],
    ["2026-04-12T10:11+02:00", "2026-04-12T08:11:00.000"],
  ])("takes %s for %s in UTC", async (given, at) => {
    await insert(`
      SELECT ms::text AS id, 'W' AS workflow, TIMESTAMP '${at}' + ms * interval '1 ms' AS at FROM generate_series(-1, 1) AS ms`);
    expect(await list("--updated-before", given, "--count")).toBe("1\n");
    expect(await list("--updated-after", given, "--count")).toBe("1\n");
  });

  it("repeats options as a shell reads them back, but for the cursor and the URL", async () => {
    await insert(
      `SELECT id, workflow, now()::timestamp AS at FROM (VALUES ('1', $$-1 it's $(exit 3)$$), ('2', 'Order.V1')) AS names (id, workflow)`,
    );
    const flags = [
      "--workflow",
      "Order.V1,-1 it's $(exit 3)",
      "--family",
      "",
      "--workflow=-1 it's $(exit 3),Order.V1",
      "--order-by",
      "id",
      "--asc",
    ];
    const line = /^next page: (.+)$/m.exec(await list(...flags, "--limit", "1"))?.[1] ?? "";
    expect(line).toMatch(
      /^npx hephaestus-prisma list --workflow 'Order\.V1,-1 it'\\''s \$\(exit 3\)' --family '' --workflow='-1 it'\\''s \$\(exit 3\),Order\.V1' --order-by id --asc --limit 1 --cursor [\w-]+$/,
    );
    const next = await runInShell(line, database.url);
    expect(next).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^id .+\n2 /) as string });
  });
});
