import { readFileSync } from "node:fs";
import { PrismaPg } from "@prisma/adapter-pg";
import fc from "fast-check";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { writeSamples } from "../../tools/sample-instances.js";
import { databases, preparePostgresDatabase } from "../database.js";
import { createEmptyDatabase, query } from "../migrate/empty-database.js";
import { storageOn } from "../storage-on.js";

const RANDOM_STATES = 500;
const RANDOM_TIMES = 500;
const GUIDE = readFileSync(new URL("../../docs/studio.md", import.meta.url), "utf8");

/** A state whose history ends with the given entry. */
const endingWith = (entry: Readonly<Record<string, unknown>>): string => JSON.stringify({ execution_history: [{}, entry] });

describe.each(databases)("workflow_instance_overview on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);

  /** Stores a row around the adapter, and returns a column of its overview. */
  async function overviewOf(column: string, { id = "x", workflow = "W", status = "failed", state = "{}" }): Promise<unknown> {
    await database.sql("DELETE FROM workflow_instances");
    await database.sql("INSERT INTO workflow_instances (id, workflow, status, state) VALUES ($1, $2, $3, $4)", [
      id,
      workflow,
      status,
      state,
    ]);
    const rows = await database.sql(`SELECT ${column} AS found FROM workflow_instance_overview`);
    expect(rows).toHaveLength(1);
    return rows[0]?.found;
  }

  it("shows the progress of an instance", async () => {
    await storage.put(anInstance());
    await database.sql(
      "UPDATE workflow_instances SET inserted_at = timezone('UTC', now()) - interval '3 days 1 hour', updated_at = timezone('UTC', now()) - interval '61 minutes'",
    );
    // With the times as text: drivers read a timestamp without a zone as local time.
    const [row] = await database.sql(
      `SELECT id, business_key, business_value, workflow, family, version, status, current_step, active_steps, completed_steps,
              last_step, last_event, last_event_at::text, error, age::text, idle::text FROM workflow_instance_overview`,
    );
    expect(row).toEqual({
      id: "order::1",
      business_key: "order",
      business_value: "1",
      workflow: "Order.V2",
      family: "Order.",
      version: 2,
      status: "waiting",
      current_step: "payment",
      active_steps: "notify, payment",
      completed_steps: 1,
      last_step: "reserve",
      last_event: "timeout",
      last_event_at: "2026-04-12 10:11:13",
      error: null,
      age: "3 days 01:00:00",
      idle: "01:01:00",
    });
  });

  it.each([
    ["order::4711", "order", "4711"],
    ["newsletter::run6::d8f7fa4e", "newsletter", "run6::d8f7fa4e"],
    ["4711", null, "4711"],
    ["order:4711", null, "order:4711"],
    ["::4711", "", "4711"],
    ["order::", "order", ""],
    ["größe::ünïcode 😀", "größe", "ünïcode 😀"],
  ])("splits the id %s at its first ::", async (id, key, value) => {
    expect(await overviewOf("business_key", { id })).toBe(key);
    expect(await overviewOf("business_value", { id })).toBe(value);
  });

  it.each([
    ["Order.V2", "Order."],
    ["Order.v12", "Order."],
    ["Elixir.Lib.Workflows.Order.V2", "Elixir.Lib.Workflows.Order."],
    ["Elixir.Lib.Workflows.Order", "Elixir.Lib.Workflows.Order"],
    ["Order.V2.Retry", "Order.V2.Retry"],
    ["Order.Version2", "Order.Version2"],
    ["V2", "V2"],
  ])("shows %s in the family by which workflowFamily finds it", async (workflow, family) => {
    expect(await overviewOf("family", { workflow })).toBe(family);
    const found = await storage.query({ workflowFamily: family });
    expect(found.map((instance) => instance.workflow)).toEqual([workflow]);
  });

  it.each([
    ["2026-04-12T10:11:12Z", "2026-04-12 10:11:12"],
    ["2026-04-12T10:11:12.345678Z", "2026-04-12 10:11:12.345678"],
    ["2026-04-12T10:11:12.345678912+00:00", "2026-04-12 10:11:12.345679"],
    ["2026-04-12T10:11:12+02:00", "2026-04-12 08:11:12"],
    ["2024-02-29T00:00:00Z", "2024-02-29 00:00:00"],
    ["0001-01-01T00:00:00Z", "0001-01-01 00:00:00"],
    ["2026-04-12T10:11:12", null],
    ["2026-02-29T10:11:12Z", null],
    ["2026-13-01T10:11:12Z", null],
    ["0000-01-01T00:00:00Z", null],
    ["2026-00-12T10:11:12Z", null],
    ["2026-04-00T10:11:12Z", null],
    ["2026-04-12T24:00:00Z", null],
    ["2026-04-12T23:59:60Z", null],
    ["2026-04-12T10:11:12+99:00", null],
    [`2026-04-12T10:11:12.${"1".repeat(200)}Z`, null],
    ["٢٠٢٦-04-12T10:11:12Z", null],
    ["yesterday", null],
    ["now", null],
    ["", null],
    [1776000000, null],
    [null, null],
  ])("reads %j as the time of the last event, or shows none", async (timestamp, at) => {
    expect(await overviewOf("last_event_at::text", { state: endingWith({ timestamp }) })).toBe(at);
  });

  it.each([
    ["the last entry's error", endingWith({ context_updates: { error: "declined" } }), "declined"],
    ["the last entry's reason", endingWith({ context_updates: { error: null, reason: "late" } }), "late"],
    ["an error's message", endingWith({ context_updates: { error: { name: "PaymentError", message: "declined" } } }), "declined"],
    ["an error without a message", endingWith({ context_updates: { error: { code: 7 } } }), '{"code": 7}'],
    ["the metadata's error", '{"runtime_metadata": {"error": "timeout"}}', "timeout"],
    ["the metadata's reason", '{"runtime_metadata": {"reason": ["a", 1]}}', '["a", 1]'],
    [
      "the last entry's before the metadata's",
      '{"execution_history": [{"context_updates": {"reason": "new"}}], "runtime_metadata": {"error": "old"}}',
      "new",
    ],
    ["none of an entry before the last", '{"execution_history": [{"context_updates": {"error": "fixed"}}, {}]}', null],
    ["none if there is none", endingWith({ event: "failed" }), null],
  ])("shows as error %s", async (_, state, error) => {
    expect(await overviewOf("error", { state })).toBe(error);
    expect(await overviewOf("error", { state, status: "completed" })).toBeNull();
  });

  it("shows the error that a step threw", async () => {
    const error = new RangeError("too many items");
    const executionHistory = [{ stepRef: "pay", event: "failed", timestamp: "2026-04-12T10:11:13Z", contextUpdates: { error } }];
    await storage.put(anInstance({ status: "failed", executionHistory }));
    expect(await database.sql("SELECT error FROM workflow_instance_overview")).toEqual([{ error: "too many items" }]);
  });

  it.each([
    ["[]", null],
    ["null", null],
    ["7", null],
    ['"text"', null],
    ["{}", null],
    ['{"active_steps": {}, "completed_steps": "a", "execution_history": {"a": 1}, "current_step": null}', null],
    ['{"active_steps": [], "completed_steps": null, "execution_history": [], "runtime_metadata": []}', null],
    ['{"active_steps": ["a", 1, null, ["b"]], "execution_history": [1]}', 'a, 1, ["b"]'],
    ['{"execution_history": [{"context_updates": 1, "timestamp": {}}], "runtime_metadata": "error"}', null],
  ])("shows the row of the state %s", async (state, active) => {
    const columns = ["current_step", "completed_steps", "last_step", "last_event", "last_event_at", "error"];
    for (const column of columns) expect([column, await overviewOf(column, { state })]).toEqual([column, null]);
    expect(await overviewOf("active_steps", { state })).toBe(active);
  });

  it("shows rows with infinite times, without an age", async () => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, inserted_at, updated_at) VALUES ('x', 'W', '-infinity', 'infinity')");
    expect(await database.sql("SELECT age, idle FROM workflow_instance_overview")).toEqual([{ age: null, idle: null }]);
  });

  it("can't be written through", async () => {
    await expect(database.sql("UPDATE workflow_instance_overview SET status = 'failed'")).rejects.toMatchObject({ code: "55000" });
    await expect(database.sql("DELETE FROM workflow_instance_overview")).rejects.toMatchObject({ code: "55000" });
  });

  it("shows every row that HephaestusEcto stored", async () => {
    const rows: unknown = JSON.parse(readFileSync(new URL("../fixtures/ecto/rows.json", import.meta.url), "utf8"));
    await database.sql(
      `INSERT INTO workflow_instances (id, workflow, workflow_version, status, state)
       SELECT id, workflow, workflow_version, status, state_text::jsonb
       FROM jsonb_to_recordset($1) AS t(id text, workflow text, workflow_version int, status text, state_text text)`,
      [JSON.stringify(rows)],
    );
    expect(await database.sql("SELECT * FROM workflow_instance_overview")).toHaveLength((rows as unknown[]).length);
    const [running] = await database.sql(
      "SELECT business_value, family, active_steps, last_event, completed_steps FROM workflow_instance_overview WHERE id LIKE 'orderid::550e8400%'",
    );
    expect(running).toEqual({
      business_value: "550e8400-e29b-41d4-a716-446655440000",
      family: "Elixir.MyApp.Workflows.Order.",
      active_steps: "Elixir.MyApp.Steps.Notify, Elixir.MyApp.Steps.Pay, Elixir.MyApp.Steps.Reserve",
      last_event: "valid",
      completed_steps: 4,
    });
  });
});

describe("workflow_instance_overview on PostgreSQL", () => {
  const { database } = storageOn(preparePostgresDatabase);

  const json = fc.jsonValue({ maxDepth: 2, noUnicodeString: true });
  const entry = fc.record(
    { step_ref: json, event: json, timestamp: json, context_updates: fc.oneof(json, fc.record({ error: json, reason: json })) },
    { requiredKeys: [] },
  );
  const state = fc.oneof(
    json,
    fc.record(
      {
        current_step: json,
        active_steps: fc.oneof(json, fc.array(json)),
        completed_steps: fc.oneof(json, fc.array(json)),
        execution_history: fc.oneof(json, fc.array(fc.oneof(json, entry))),
        runtime_metadata: fc.oneof(json, fc.record({ error: json, reason: json }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    ),
  );

  /** Stores states, and returns the number that the view shows. */
  async function shown(states: readonly string[]): Promise<number> {
    await database.sql(
      "INSERT INTO workflow_instances (id, workflow, state) SELECT 'x' || n, 'W', state::jsonb FROM unnest($1::text[]) WITH ORDINALITY AS t(state, n)",
      [states],
    );
    return (await database.sql("SELECT * FROM workflow_instance_overview")).length;
  }

  it(`shows every row, whatever its state is (${RANDOM_STATES} states)`, async () => {
    const states = fc.sample(state, RANDOM_STATES).map((any) => JSON.stringify(any).replaceAll("\\u0000", ""));
    expect(await shown(states)).toBe(RANDOM_STATES);
  });

  it(`shows every row, whatever text is in the place of a time (${RANDOM_TIMES} texts)`, async () => {
    const timestamps = fc.stringMatching(/^[0-2]\d\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,12})?(Z|[+-][01]\d:[0-6]\d)$/);
    const states = fc.sample(timestamps, RANDOM_TIMES).map((timestamp) => endingWith({ timestamp }));
    expect(await shown(states)).toBe(RANDOM_TIMES);
    const read = await database.sql("SELECT id FROM workflow_instance_overview WHERE last_event_at IS NOT NULL");
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThan(RANDOM_TIMES);
  });

  it("has the columns that docs/studio.md describes", async () => {
    const described = [...GUIDE.matchAll(/^\| (`.*?) *\|/gm)].flatMap(([, names = ""]) => names.replaceAll("`", "").split(", "));
    const columns = await database.sql(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'workflow_instance_overview'",
    );
    expect(described.sort()).toEqual(columns.map(({ name }) => name).sort());
  });

  it("runs the queries of docs/studio.md", async () => {
    await writeSamples(database.client);
    const questions = [...GUIDE.matchAll(/^```sql\n(SELECT [^]*?)^```$/gm)].map(([, sql = ""]) => sql);
    const results = await Promise.all(questions.map((sql) => database.sql(sql)));
    expect(results).toMatchObject([
      [{ id: "order::4711", error: "awaiting bank transfer" }],
      [{ id: "order::4711", status: "waiting" }],
      expect.arrayContaining([expect.objectContaining({ family: "Order.", error: "card declined", count: "1" })]) as unknown,
      [{ id: "order::4711" }],
    ]);
    expect(results[2]).toHaveLength(2);
  });

  it("is in the schema of its table, and shows that table's rows", async () => {
    const url = await createEmptyDatabase();
    await deployMigrations(new PrismaPg({ connectionString: url }, { schema: "work flows" }));
    await query(url, `INSERT INTO "work flows".workflow_instances (id, workflow) VALUES ('a::1', 'W')`);
    expect(await query(url, `SELECT id, status FROM "work flows".workflow_instance_overview`)).toEqual([{ id: "a::1", status: "pending" }]);
  });

  it("never shows a row that the table's row-level security hides, from PostgreSQL 15 on", async () => {
    const [server] = await database.sql("SELECT current_setting('server_version_num')::int >= 150000 AS asks");
    await database.sql("INSERT INTO workflow_instances (id, workflow) VALUES ('mine', 'W'), ('theirs', 'W')");
    const role = `reader_${process.pid}`;
    const connection = await database.pool.connect();
    try {
      await connection.query("BEGIN");
      await connection.query(`CREATE ROLE ${role}; GRANT SELECT ON workflow_instances, workflow_instance_overview TO ${role}`);
      await connection.query("ALTER TABLE workflow_instances ENABLE ROW LEVEL SECURITY");
      await connection.query(`CREATE POLICY mine ON workflow_instances TO ${role} USING (id = 'mine')`);
      await connection.query(`SET LOCAL ROLE ${role}`);
      const { rows } = await connection.query("SELECT id FROM workflow_instance_overview ORDER BY id");
      expect(rows).toEqual(server?.asks === true ? [{ id: "mine" }] : [{ id: "mine" }, { id: "theirs" }]);
    } finally {
      await connection.query("ROLLBACK");
      connection.release();
    }
  });
});
