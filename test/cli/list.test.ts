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
import { createColours } from "../../dist/cli/terminal/colours.js";
import { formatAgo, formatElapsed, parseMicroseconds } from "../../dist/cli/terminal/elapsed.js";
import { formatList } from "../../dist/cli/instances/list-text.js";
import { nextPageCommand } from "../../dist/cli/instances/next-page.js";
import { parsePointInTime } from "../../dist/cli/instances/time.js";
import { shorten, widthOf } from "../../dist/cli/terminal/text-table.js";
import { visible } from "../../dist/cli/terminal/visible.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { ectoRows, insertEctoRows } from "../ecto.js";
import { type Ended, run, start } from "./program.js";

const HOUR = 60 * 60_000;
const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * HOUR);

describe("hephaestus-prisma list", () => {
  let database: PostgresDatabase;
  let storage: PrismaStorage;

  // 15 of our own and those of HephaestusEcto, the n-th updated n hours ago and inserted n days ago, both and a half.
  beforeAll(async () => {
    database = await createPostgresDatabase();
    storage = createPrismaStorage(database.client);
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
  /** What the storage returns, as JSON holds it. */
  const stored = async (filters: QueryFilters, options: ListOptions = {}): Promise<unknown> =>
    JSON.parse(JSON.stringify(await storage.list(filters, { limit: 100, ...options }))) as unknown;

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
    await database.sql("CREATE SCHEMA apart; CREATE TABLE apart.runs AS SELECT * FROM workflow_instances WHERE id LIKE 'failed::%'");
    const { out } = await list("--table", "apart.runs", "--limit", "2");
    expect(out.match(/^failed::/gm)).toHaveLength(2);
    expect(out).toMatch(/^next page: npx hephaestus-prisma list --table apart\.runs --limit 2 --after /m);
    expect((await list("--table", "apart.runs", "--count")).out).toBe("3\n");
  });

  /** The ids of all pages, each begun by the cursor of the one before. */
  const walk = async (...flags: readonly string[]): Promise<string[]> => {
    const { items, nextCursor } = await page(...flags);
    return [...ids({ items }), ...(nextCursor === null ? [] : await walk(...flags, "--after", nextCursor))];
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
      out: `id                         workflow                         version  status     updated   inserted
orderid::ünïcode 😀/x?y    Elixir.MyApp.Workflows.Order.V1  1        pending    12 h ago  12 d ago
orderid::stringkeys        Elixir.MyApp.Workflows.Order.V2  2        running    19 h ago  19 d ago
orderid::run2              Elixir.MyApp.Workflows.Order.V2  2        completed  16 h ago  16 d ago
orderid::abc123::9f8e7d6c  Elixir.MyApp.Workflows.Order.V2  2        pending    21 h ago  21 d ago
orderid::abc123            Elixir.MyApp.Workflows.Order.V1  1        pending    1 d ago   26 d ago
`,
    });
  });

  it("prints the command line of the next page, which works", async () => {
    const flags = ["--family=Order.", "--context", `{"tags": ["a"]}`, "--limit", "6", "--desc"];
    const { out } = await list(...flags);
    const command = /^next page: npx hephaestus-prisma list (.+)$/m.exec(out)?.[1] ?? "";
    expect(command).toMatch(/^--family Order\. --context '\{"tags": \["a"\]\}' --limit 6 --desc --after [\w-]+$/);
    const next = await list(...flags, "--after", command.split(" ").at(-1) ?? "");
    expect(next.out.trimEnd().split("\n")).toHaveLength(5);
    expect(next.out).not.toContain("next page");
    const { out: named } = await run([
      "list",
      "--after",
      "x",
      "--limit",
      "1",
      "--url",
      database.url,
      "--after",
      (await page("--limit", "1")).nextCursor ?? "",
    ]);
    expect(named).toMatch(/^next page: npx hephaestus-prisma list --limit 1 --url … --after [\w-]+$/m);
  });

  it("says so if there is nothing", async () => {
    expect(await list("--id", "nobody")).toEqual({ code: 0, out: "no instances\n", err: "" });
    expect(await list("--id", "nobody", "--json")).toEqual({ code: 0, out: '{"items":[],"nextCursor":null}\n', err: "" });
  });

  it("lists a row that no storage would return", async () => {
    await database.sql("CREATE SCHEMA loose");
    await database.sql("CREATE TABLE loose.workflow_instances (LIKE workflow_instances)");
    await database.sql("INSERT INTO loose.workflow_instances VALUES ('a', '', 'lost', '[]', '-infinity', 'infinity', -1)");
    const url = new URL(database.url);
    url.searchParams.set("schema", "loose");
    expect((await run(["list"], url.href)).out).toBe(
      "id  workflow  version  status  updated  inserted\na             -1       lost    unknown  unknown\n",
    );
    expect((await run(["list", "--json"], url.href)).out).toBe(
      '{"items":[{"id":"a","workflow":"","workflowVersion":-1,"status":"lost","insertedAt":null,"updatedAt":null}],"nextCursor":null}\n',
    );
  });

  it("lets nothing that a terminal would obey through", async () => {
    const id = "evil\u001b[31m\u0007\u009b2J\u007f\r\n\u202ereversed";
    await storage.put(anInstance({ id, workflow: "W\u001b]0;title\u0007" }));
    try {
      const { out } = await list("--id", id);
      expect(out).toContain("evil\\u001b[31m\\u0007\\u009b2J\\u007f\\r\\n\\u202ereversed  W\\u001b]0;title\\u0007");
      expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
      const { out: json } = await list("--id", id, "--json");
      expect(json.trimEnd()).not.toMatch(/[\p{Cc}\u202e]/u);
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
    [["--status", "done"], '--status is invalid: there is no status "done"'],
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
    [["--after", "x"], 'the option "after" is invalid: expected the nextCursor of a list by updatedAt desc'],
    [["--count", "--limit", "5"], "--count counts all that match: leave out --limit"],
    [["--count-by", "state"], '--count-by is invalid: expected status, workflow, version, found "state"'],
    [["--count-by", "status", "--count"], "--count and --count-by exclude each other"],
    [["--count-by", "status", "--after", "x"], "--count-by counts all that match: leave out --after"],
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
    expect((await list("--after", nextCursor ?? "", "--order-by", "id")).code).toBe(2);
  });

  it("explains itself", async () => {
    expect((await run(["list", "--help"])).out).toContain("--order-by <column>");
    expect((await run(["--help"])).out).toContain("list     list workflow instances, page by page");
    expect(await run(["list"])).toMatchObject({ code: 2, err: expect.stringContaining("Set DATABASE_URL or give --url") as string });
  });
});

describe("the table of a list on a terminal", () => {
  const now = Date.parse("2026-04-12T10:00:00Z");
  const row = {
    ...{ id: "order::550e8400-e29b-41d4-a716-446655440000", workflow: "Elixir.MyApp.Workflows.Order.V2", workflowVersion: 2 },
    ...{ status: "failed", insertedAt: new Date("2026-04-10T10:00:00Z"), updatedAt: new Date("2026-04-12T09:57:00Z") },
  };

  it("shortens what is wide to fit, and has colours", () => {
    const text = formatList([row], "npx hephaestus-prisma list --after x", now, { isTTY: true, columns: 80 });
    expect(text).toBe(
      "\u001b[1mid                    workflow              version  status  updated    inserted\u001b[22m\n" +
        "order::550e84…440000  Elixir.MyApp.…der.V2  2        \u001b[31mfailed\u001b[39m  3 min ago  2 d ago\n" +
        "\nnext page: \u001b[2mnpx hephaestus-prisma list --after x\u001b[22m\n",
    );
  });

  it("leaves what fits as it is", () => {
    expect(formatList([row], null, now, { isTTY: true, columns: 200 })).toContain(`${row.id}  ${row.workflow}  `);
    expect(formatList([{ ...row, id: "a" }], null, now, { isTTY: true, columns: 80 })).toContain(`a   ${row.workflow}  `);
  });

  it("shortens nothing elsewhere", () => {
    const text = formatList([row], null, now, { columns: 40 });
    expect(text).toContain(`${row.id}  ${row.workflow}  2        failed  3 min ago  2 d ago\n`);
  });

  it("has no colours if NO_COLOR is set, or the output is not a terminal", () => {
    const before = process.env.NO_COLOR;
    try {
      process.env.NO_COLOR = "1";
      expect(createColours({ isTTY: true })("red", "x")).toBe("x");
      process.env.NO_COLOR = "";
      expect(createColours({ isTTY: true })("red", "x")).toBe("\u001b[31mx\u001b[39m");
      expect(createColours({})("red", "x")).toBe("x");
    } finally {
      if (before === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = before;
    }
  });
});

describe("what a list is made of", () => {
  it("says how long ago something was", () => {
    const now = Date.parse("2026-04-12T10:00:00Z");
    const ago = (text: string): string => formatAgo(new Date(text), now);
    expect(
      ["2026-04-12T10:00:00.5Z", "2026-04-12T09:59:48Z", "2026-04-12T09:00:01Z", "2026-04-11T10:00:01Z", "2025-04-11T10:00Z"].map(ago),
    ).toEqual(["just now", "12 s ago", "59 min ago", "23 h ago", "366 d ago"]);
    expect(ago("2026-04-12T10:03:00Z")).toBe("in 3 min");
    expect(ago("infinity")).toBe("unknown");
  });

  it("shows a time in its two largest units, to the microsecond", () => {
    expect([0, 12, 654_322, 1_200_000, 60e6, 3_725e6, 86_400e6 + 5e6].map((time) => formatElapsed(time))).toEqual([
      ...["0 s", "12 µs", "654 ms 322 µs", "1 s 200 ms", "1 min", "1 h 2 min", "1 d"],
    ]);
    expect(parseMicroseconds("2026-04-12T10:11:12.345678Z") - parseMicroseconds("2026-04-12T12:11:12+02:00")).toBe(345_678);
    expect(parseMicroseconds("1969-12-31T23:59:59.999999Z")).toBe(-1);
    expect(parseMicroseconds("yesterday")).toBeNaN();
  });

  it("takes times in UTC, at an offset, and so long ago", () => {
    const now = Date.parse("2026-04-12T10:00:00Z");
    const at = (text: string): string => parsePointInTime(text, "--at", now).toISOString();
    expect(["2026-04-12", "2026-04-12T10:11", "2026-04-12T10:11:12.5Z", "2026-04-12T10:11+02:00", "2h"].map(at)).toEqual([
      "2026-04-12T00:00:00.000Z",
      "2026-04-12T10:11:00.000Z",
      "2026-04-12T10:11:12.500Z",
      "2026-04-12T08:11:00.000Z",
      "2026-04-12T08:00:00.000Z",
    ]);
  });

  it("cuts texts between characters, and knows how wide they are", () => {
    expect(["abc", "中文", "👩‍👩‍👧‍👦", "e\u0301", ""].map(widthOf)).toEqual([3, 4, 2, 1, 0]);
    expect(shorten("中文字符", 5)).toBe("中文…");
    expect(shorten("中文字符", 6, 2)).toBe("中…符");
    expect(shorten("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3)).toBe("👩‍👩‍👧‍👦…");
    expect(shorten("abc", 3)).toBe("abc");
  });

  it("repeats options as a shell reads them back, but for the cursor and the URL", () => {
    const given = {
      url: "postgresql://user:secret@host/db",
      workflow: "Order.V1",
      id: "it's",
      family: "",
      state: "$(rm -rf /)",
      after: "old",
    };
    const options = Object.entries(given).map(([name, value]) => ({ kind: "option", name, value }));
    expect(nextPageCommand([...options, { kind: "option", name: "asc" }, { kind: "option", name: "id", value: "-1 2" }], "new")).toBe(
      `npx hephaestus-prisma list --url … --workflow Order.V1 --id 'it'\\''s' --family '' --state '$(rm -rf /)' --asc --id='-1 2' --after new`,
    );
  });

  it("escapes what a terminal would obey, and nothing else", () => {
    expect(visible("a\tb\u001b[0m\u0085\u2028\u2066 é😀👩‍👩‍👧‍👦 \\")).toBe("a\\tb\\u001b[0m\\u0085\\u2028\\u2066 é😀👩‍👩‍👧‍👦 \\");
  });
});
