import { createPrismaStorage, type PrismaStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { ectoRows, ectoRowsWith64Bits, insertEctoRows } from "../ecto.js";
import { type Ended, run, start } from "./program.js";

describe("hephaestus-prisma show", () => {
  let database: PostgresDatabase;
  let storage: PrismaStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    storage = createPrismaStorage(database.client);
    await insertEctoRows(database, [...ectoRows, ...ectoRowsWith64Bits]);
  });
  afterAll(() => database.close());

  const show = (...args: readonly string[]): Promise<Ended> => run(["show", ...args], database.url);
  /** The columns of a row, and its state as text. */
  const rowOf = async (id: string): Promise<Readonly<Record<string, unknown>>> =>
    (
      await database.sql(
        `SELECT id, workflow, workflow_version, status, state::text AS state,
                to_char(inserted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS inserted, to_char(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated
         FROM workflow_instances WHERE id = $1`,
        [id],
      )
    )[0] ?? {};

  it("shows the life of an instance", async () => {
    const text = "a long text ".repeat(20);
    await storage.put(
      anInstance({
        context: {
          initial: { items: [{ sku: "A-1", cents: 1999 }], due: new Date("2026-05-01T00:00:00Z"), total: 2n ** 70n, text },
          steps: { validate: { valid: true, seen: new Map([["a", new Set([1, undefined])]]) }, reserve: null },
        },
        stepConfigs: { payment: { retries: 3, backoff: [1, 2.5, null] }, notify: new Date("2026-05-01T08:00:00Z") },
        activeSteps: new Set(["payment", "notify", "validate", "audit"]),
        executionHistory: [
          { stepRef: "validate", event: "valid", timestamp: "2026-04-12T10:11:12.345678Z", contextUpdates: { valid: true, text } },
          { stepRef: "reserve", event: "timeout", timestamp: "2026-04-12T10:11:13Z", contextUpdates: null },
          { stepRef: "payment", event: "retried", timestamp: "2026-04-12T12:16:13Z", contextUpdates: { nothing: undefined, ratio: -0 } },
        ],
      }),
    );
    await database.sql(
      "UPDATE workflow_instances SET inserted_at = timezone('UTC', now()) - interval '3.5 days', updated_at = timezone('UTC', now()) - interval '2.5 hours' WHERE id = 'order::1'",
    );
    const { inserted, updated } = await rowOf("order::1");
    expect(await show("order::1")).toEqual({
      code: 0,
      err: "",
      out: `order::1
  workflow   Order.V2, version 2
  status     waiting
  inserted   ${String(inserted)}, 3 d ago
  updated    ${String(updated)}, 2 h ago
  now at     payment
  active     audit, notify, payment, validate
  completed  validate

Waits for
  audit
  notify   config = 2026-05-01T08:00:00.000Z
  payment  backoff = [ 1, 2.5, null ], retries = 3

Runtime metadata
  trace_id = 'abc-123'

History
  2026-04-12T10:11:12.345678Z                  validate  valid    text = 'a long text a long text a long text a …, valid = true
  2026-04-12T10:11:13Z         +654 ms 322 µs  reserve   timeout
  2026-04-12T12:16:13Z         +2 h 5 min      payment   retried  ratio = -0, nothing = undefined

Initial context
  due = 2026-05-01T00:00:00.000Z
  text = 'a long text a long text a long text a long text a long text a long text a long text a long text a …
  items = [ { sku: 'A-1', cents: 1999 } ]
  total = 1180591620717411303424n

Context of the steps
  reserve = null
  validate = { seen: Map(1) { 'a' => Set(2) { 1, undefined } }, valid: true }
`,
    });
    const { out: full } = await show("order::1", "--full");
    expect(full).toContain(`\n  text = '${text}'\n`);
    expect(full).toContain(
      `\n  2026-04-12T10:11:12.345678Z                  validate  valid\n    text = '${text}'\n    valid = true\n  2026-04-12T10:11:13Z `,
    );
    expect(full).toContain("\nStep configs\n  notify = 2026-05-01T08:00:00.000Z\n  payment = { backoff: [ 1, 2.5, null ], retries: 3 }\n");
  });

  it.each(ectoRows.map(({ id }) => id))("shows %j of HephaestusEcto, and its row as it is stored", async (id) => {
    const { workflow, workflow_version: workflowVersion, status, state, inserted, updated } = await rowOf(id);
    const { out, err, code } = await show(id);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(
      out.startsWith(`${id}\n  workflow   ${String(workflow)}, version ${Number(workflowVersion)}\n  status     ${String(status)}\n`),
    ).toBe(true);
    const { out: json } = await show(id, "--json");
    expect(JSON.parse(json)).toEqual({
      ...{ id, workflow, workflowVersion, status, insertedAt: inserted, updatedAt: updated },
      state: JSON.parse(String(state)) as unknown,
    });
  });

  it("shows what an instance of HephaestusEcto waits for", async () => {
    expect((await show("orderid::run1")).out).toContain(
      "\nWaits for\n  Elixir.Hephaestus.Steps.WaitForEvent  event_name = 'delivered', timeout_ms = 60000\n",
    );
    expect((await show("orderid::run2")).out).not.toContain("Waits for");
  });

  it("says why an instance has failed, and shows a stack in lines", async () => {
    const error = Object.assign(new Error("card declined"), {
      stack: "Error: card declined\n    at pay (order.js:7:1)\n    at run (engine.js:3:2)",
    });
    const [entry] = anInstance().executionHistory;
    const failed = anInstance({
      id: "failed",
      status: "failed",
      runtimeMetadata: { error: { deep: { a: { b: { c: { d: 1 } } } }, last: error } },
    });
    await storage.put({ ...failed, executionHistory: entry ? [{ ...entry, contextUpdates: { error } }] : [] });
    const { out } = await show("failed");
    expect(out).toContain("\nFailed because\n  Error: card declined\n      at pay (order.js:7:1)\n      at run (engine.js:3:2)\n\n");
    expect(out).toMatch(/validate {2}valid {2}error = Error: card declined$/m);
    expect(out).not.toContain("\\n");

    await storage.put({
      ...failed,
      executionHistory: [],
      runtimeMetadata: { reason: { message: "no stock", stack: "lib/order.ex:7\nlib/engine.ex:3" } },
    });
    expect((await show("failed")).out).toContain("\nFailed because\n  no stock\n  lib/order.ex:7\n  lib/engine.ex:3\n");
    await storage.put({
      ...failed,
      executionHistory: [],
      runtimeMetadata: {},
      context: { initial: { trace: "Error: x\n    at y" }, steps: {} },
    });
    const quiet = (await show("failed")).out;
    expect(quiet).toContain("\nFailed because\n  it doesn't say why\n");
    expect(quiet).toContain("\nInitial context\n  trace = Error: x\n        at y\n");
  });

  it("shows times that go back, and leaves out invalid ones", async () => {
    expect((await show("invoiceid::20260412")).out).toContain(`
History
  2026-04-12T00:00:00.000001Z                  Elixir.MyApp.Steps.Validate   valid
  2026-04-12T00:00:00.120Z     +119 ms 999 µs  Elixir.Hephaestus.Steps.Wait  timeout
  2026-04-12T00:00:01Z         +880 ms         Elixir.MyApp.Steps.Notify     sent     note = null, parts = [ { a: 1 }, [], {} ]
  1969-12-31T23:59:59.999999Z  -20555 d        Elixir.Hephaestus.Steps.Done  done
`);
    await insertEctoRows(database, [
      {
        ...{ id: "odd times", workflow: "W", workflow_version: 1, status: "running" },
        state_text: `{"execution_history": [{"step_ref": "a", "event": "b", "timestamp": "yesterday"},
                                            {"step_ref": "a", "event": "b", "timestamp": "2026-04-12T10:00:00+02:00"}]}`,
      },
    ]);
    await database.sql("UPDATE workflow_instances SET updated_at = 'infinity' WHERE id = 'odd times'");
    const { out } = await show("odd times");
    expect(out).toContain("\nHistory\n  yesterday                    a  b\n  2026-04-12T10:00:00+02:00    a  b\n");
    expect(out).toContain("\n  updated    unknown\n");
  });

  it("shows integers to the last digit, and prints the state as it is stored", async () => {
    const [row] = ectoRowsWith64Bits;
    const id = row?.id ?? "";
    expect((await show(id)).out).toContain("\n  big = 9007199254740993n\n");
    expect((await show(id, "--json")).out).toContain(`,"state":${String((await rowOf(id)).state)}}\n`);
    expect((await show(id, "--json")).out).toContain('"big": 9007199254740993,');
  });

  it("shows what is new and has done nothing", async () => {
    const { out } = await show("invoiceid::v7");
    expect(out).toContain("\n  now at     no step\n  active     none\n  completed  none\n\nHistory\n  no events\n");
    expect(out.endsWith("no events\n")).toBe(true);
  });

  it("cuts what is long, and says how much of it", async () => {
    const initial = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`key${n}`, n]));
    const completedSteps = new Set(Object.keys(initial));
    const [entry] = anInstance().executionHistory;
    await storage.put(
      anInstance({
        id: "long",
        completedSteps,
        context: { initial, steps: {} },
        executionHistory: entry ? [{ ...entry, contextUpdates: initial }] : [],
      }),
    );
    const { out } = await show("long");
    expect(out).toMatch(/^ {2}\S+ {4}validate {2}valid {2}(key\d+ = \d+, ){10}… and 990 more$/m);
    expect(out).toMatch(/^ {2}completed {2}(key\d+, ){20}… and 980 more$/m);
    expect(out).toMatch(/^Initial context\n( {2}key\d+ = \d+\n){20} {2}… and 980 more$/m);
    expect((await show("long", "--full")).out.match(/key999 = 999/g)).toHaveLength(2);
  });

  describe("of a corrupt row", () => {
    beforeAll(async () => {
      const insert = (id: string, state: string): Promise<unknown> =>
        database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ($1, 'W', $2)", [id, state]);
      await insert("corrupt context", '{"context": "secret", "active_steps": ["pay"], "n": 9007199254740993}');
      await insert("corrupt array", "[1, 2]");
      await insert("lossy", '{"runtime_metadata": {"ratio": 9007199254740993.5}}');
    });

    it("says where it is corrupt, and shows what can be shown", async () => {
      const { inserted } = await rowOf("corrupt context");
      const { code, out, err } = await show("corrupt context");
      expect(code).toBe(1);
      expect(out.replace(/, (just now|\d+ \w+ ago)/g, "")).toBe(`corrupt context
  workflow  W, version 1
  status    pending
  inserted  ${String(inserted)}
  updated   ${String(inserted)}

Stored state
  n = 9007199254740993n
  context = 'secret'
  active_steps = [ 'pay' ]
`);
      expect(err).toBe(
        'hephaestus-prisma: row "corrupt context" is corrupt at state.context: expected an object, found a string. With --json, the row is printed as it is stored\n',
      );
      expect((await show("corrupt array")).out).toContain("\nStored state\n  state = [ 1, 2 ]\n");
      const lossy = await show("lossy");
      expect(lossy.err).toContain('row "lossy" would lose digits at state.runtime_metadata.ratio');
      expect(lossy.out).toContain("\nStored state\n  runtime_metadata = { ratio: '9007199254740993.5' }\n");
    });

    it("prints it as it is stored", async () => {
      const { code, out, err } = await show("corrupt context", "--json");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain(`"state":${String((await rowOf("corrupt context")).state)}}`);
    });
  });

  it("lets nothing that a terminal would obey through", async () => {
    const evil = "\u001b[31mevil\u0007\u009b2J\u007f\r\n\u202e";
    await storage.put(
      anInstance({
        ...{ id: evil, workflow: evil, currentStep: evil, activeSteps: new Set([evil]), completedSteps: new Set(["a", `b${evil}`]) },
        context: { initial: { [evil]: evil, nul: "\0", error: new Error(evil) }, steps: { [evil]: { [evil]: [evil] } } },
        stepConfigs: { [evil]: { [evil]: evil } },
        runtimeMetadata: { [evil]: new Map([[evil, evil]]) },
        executionHistory: [{ stepRef: evil, event: evil, timestamp: "2026-04-12T10:00:00Z", contextUpdates: { [evil]: evil } }],
      }),
    );
    await database.sql(
      "UPDATE workflow_instances SET state = jsonb_set(state, '{execution_history,0,timestamp}', to_jsonb(id::text)) WHERE id = $1",
      [evil],
    );
    for (const flags of [[], ["--full"], ["--json"]]) {
      const { code, out, err } = await show(evil, ...flags);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    }
    const json = JSON.parse((await show(evil, "--json")).out) as { id: string; state: unknown };
    expect([json.id, json.state]).toEqual([evil, JSON.parse(String((await rowOf(evil)).state))]);

    await database.sql("UPDATE workflow_instances SET state = jsonb_build_object('context', $1::text, $1::text, $1::text) WHERE id = $1", [
      evil,
    ]);
    const corrupt = await show(evil);
    expect(corrupt.code).toBe(1);
    expect((corrupt.out + corrupt.err).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect((await show(`${evil}2`)).err.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it("finds the table by its name, in the URL's schema or another", async () => {
    await database.sql(`CREATE SCHEMA "Tenant A"; CREATE TABLE "Tenant A"."Runs" (LIKE workflow_instances INCLUDING DEFAULTS)`);
    await database.sql(`INSERT INTO "Tenant A"."Runs" (id, workflow) VALUES ('there', 'W')`);
    expect((await show("there", "--table", '"Tenant A".Runs')).out).toMatch(/^there\n {2}workflow {3}W, version 1\n/);
    expect(await show("there", "--table", "Runs")).toMatchObject({
      code: 1,
      err: expect.stringContaining('the database has no table "public"."Runs"') as string,
    });
    expect(await show("there", "--table", "a.b.c")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--table is invalid: expected the name of a table") as string,
    });
  });

  it("says clearly that there is no such instance", async () => {
    expect(await show("nobody")).toEqual({
      code: 1,
      out: "",
      err: 'hephaestus-prisma: there is no instance "nobody" in "public"."workflow_instances"\n',
    });
    expect((await show("--", "-dash")).err).toContain('there is no instance "-dash"');
  });

  it("ends quietly if nobody reads on", async () => {
    const program = start(["show", "orderid::run1"], database.url);
    program.stopReading();
    expect(await program.ended).toEqual({ code: 0, out: "", err: "" });
  });

  it.each([
    [[], "which instance? Give its id, such as npx hephaestus-prisma show order::4711"],
    [["a", "b"], "expected one id, found 2"],
    [[""], "the id is invalid: expected a string of 1 to 255 characters, found an empty one"],
    [["x".repeat(256)], "the id is invalid: expected a string of 1 to 255 characters, found 256"],
    [["a", "--everything"], "Unknown option '--everything'"],
  ])("rejects the command line %j", async (args, message) => {
    const { code, out, err } = await show(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/^ +at /m);
  });

  it("explains itself", async () => {
    expect((await run(["show", "--help"])).out).toContain("--full");
    expect((await run(["--help"])).out).toContain("show     show the life of one workflow instance");
    expect(await run(["show", "a"])).toMatchObject({ code: 2, err: expect.stringContaining("Set DATABASE_URL or give --url") as string });
  });
});
