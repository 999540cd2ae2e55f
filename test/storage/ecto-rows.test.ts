import type { Instance } from "hephaestus-prisma";
import { beforeEach, describe, expect, it } from "vitest";
import { type EctoRow, ectoRows, insertEctoRows, oddEctoRows } from "../ecto.js";
import { storageOn, ways } from "../storage-on.js";
import { originalsOn } from "./originals.js";

// Rows that HephaestusEcto doesn't write, but an older version, a newer one or a manual edit may have.
const strangeStates = [
  "{}",
  '{"context": {}}',
  '{"context": {"initial": {"a": 1}}}',
  '{"current_step": "a", "execution_history": []}',
  '{"step_configs": {"a": null}, "later": {"v": [1, null, {"x": "y"}]}, "nothing": null}',
  '{"active_steps": ["b", "a", "b"], "completed_steps": ["😀", "\uffee"]}',
  '{"context": {"initial": {}, "steps": {}, "shared": [1]}, "meta": {"v": 9}}',
  '{"execution_history": [{"step_ref": "a", "event": "b", "timestamp": "yesterday", "worker": 7}]}',
  '{"execution_history": [{"step_ref": "a", "event": "b", "timestamp": "2026-04-12T10:11:12+02:00", "context_updates": {}}]}',
];

// 2,000 levels, which no storage reads; and keys __proto__, which Prisma's verbs would lose with the next put.
const TOO_DEEP = "deep::context";
const PROTO = "proto::metadata";

const rows: EctoRow[] = [
  ...ectoRows,
  ...oddEctoRows.filter(({ id }) => id !== TOO_DEEP),
  ...strangeStates.map((state_text, n) => ({
    id: `strange::${n}`,
    workflow: "W",
    workflow_version: n + 1,
    status: "running",
    state_text,
  })),
];

describe.each(ways)("rows of other writers by $way on $on", ({ way, prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);
  const { keep, changed } = originalsOn(database);
  beforeEach(async () => {
    await insertEctoRows(database, rows);
    await keep();
  });

  const writable = rows.filter(({ id }) => way === "SQL" || id !== PROTO);

  const read = async (id: string): Promise<Instance> => {
    const instance = await storage.get(id);
    return instance ?? expect.fail(`${id} is not found`);
  };

  it("are all readable", async () => {
    expect((await storage.query()).map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(ectoRows.length).toBeGreaterThan(10);
  });

  it("are unchanged by put(get(id))", async () => {
    for (const { id } of writable) await storage.put(await read(id));
    expect(
      await changed(
        "now.workflow = was.workflow AND now.workflow_version = was.workflow_version AND now.status = was.status AND now.state = was.state AND now.inserted_at = was.inserted_at",
      ),
    ).toEqual([]);
    expect(
      await database.sql(
        "SELECT count(*)::int AS n FROM workflow_instances n JOIN originals o USING (id) WHERE n.updated_at > o.updated_at",
      ),
    ).toEqual([{ n: writable.length }]);
  });

  it("keep their state through a spread copy, a compare-and-swap and an update of the status", async () => {
    await database.sql("DELETE FROM workflow_instances WHERE id <> ALL($1)", [writable.map(({ id }) => id)]);
    for (const { id } of writable) {
      const instance = await read(id);
      await storage.put({ ...instance, status: "waiting", context: { ...instance.context } });
    }
    expect(await changed("now.state = was.state AND now.status = 'waiting'")).toEqual([]);
    for (const { id } of writable) {
      const instance = await read(id);
      await storage.put({ ...instance, status: "running" }, { expected: instance });
      await storage.update(id, (now) => ({ ...now, status: "failed" }));
    }
    expect(await changed("now.state = was.state AND now.status = 'failed'")).toEqual([]);
  });

  it("go back as they came beside what is changed", async () => {
    for (const { id } of writable) {
      const at = new Date(0);
      await storage.update(id, (now) => ({ ...now, runtimeMetadata: { ...now.runtimeMetadata, at } }));
      expect((await read(id)).runtimeMetadata.at).toEqual(at);
    }
    const types = { v: 1, values: { "runtime_metadata.at": "Date" } };
    const added = `jsonb_build_object('value_types', $1::jsonb, 'runtime_metadata',
      coalesce(nullif(was.state->'runtime_metadata', 'null'), '{}') || '{"at": "1970-01-01T00:00:00.000Z"}')`;
    await database.sql("DELETE FROM workflow_instances WHERE id <> ALL($1)", [writable.map(({ id }) => id)]);
    expect(await changed(`now.state = was.state || ${added}`, [JSON.stringify(types)])).toEqual([]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("with keys __proto__ are stored by SQL and rejected by Prisma's verbs, which would lose them", async () => {
    const instance = await read(PROTO);
    const copies = [instance, { ...instance, status: "failed" as const }, { ...instance, id: "copy" }];
    for (const copy of copies)
      if (way === "SQL") await storage.put(copy);
      else
        await expect(storage.put(copy)).rejects.toMatchObject({
          code: "NOT_SERIALIZABLE",
          message: expect.stringContaining("__proto__") as string,
        });
    const metadata = await database.sql("SELECT state->'runtime_metadata' AS metadata FROM workflow_instances WHERE id = ANY($1)", [
      [PROTO, "copy"],
    ]);
    expect(metadata.map((row) => JSON.stringify(row))).toEqual(
      Array.from({ length: way === "SQL" ? 2 : 1 }, () => '{"metadata":{"n":[{"__proto__":5}],"__proto__":{"a":1,"polluted":true}}}'),
    );
    await storage.put({ ...instance, runtimeMetadata: {}, stepConfigs: { text: '{"__proto__": 1}' } });
    expect((await read(PROTO)).stepConfigs).toEqual({ text: '{"__proto__": 1}' });
  });

  it("of 2,000 levels are corrupt, and left alone until they are deleted", async () => {
    await insertEctoRows(
      database,
      oddEctoRows.filter(({ id }) => id === TOO_DEEP),
    );
    await keep();
    const corrupt = { code: "CORRUPT_INSTANCE", id: TOO_DEEP, path: expect.stringContaining("state.context.initial.list[0]") as string };
    await expect(storage.get(TOO_DEEP)).rejects.toMatchObject(corrupt);
    await expect(storage.update(TOO_DEEP, (now) => ({ ...now }))).rejects.toMatchObject(corrupt);
    expect(await storage.query({}, { onUnreadable: "skip" })).toHaveLength(rows.length);
    expect(await changed()).toEqual([]);
    await storage.delete(TOO_DEEP);
    expect(await storage.count()).toBe(rows.length);
  });

  it("are in the fixtures as jsonb's own text", async () => {
    await database.sql("DELETE FROM workflow_instances");
    await insertEctoRows(database, [...ectoRows, ...oddEctoRows]);
    const stored = await database.sql("SELECT id, state::text AS state_text FROM workflow_instances");
    const texts = new Map(stored.map(({ id, state_text }) => [id, state_text]));
    for (const { id, state_text } of [...ectoRows, ...oddEctoRows]) expect(texts.get(id)).toBe(state_text);
  });

  it("read null as empty, and write null as long as it is", async () => {
    const nulls = await storage.get("null::every-part");
    expect(nulls).toMatchObject({
      currentStep: null,
      context: { initial: {}, steps: {} },
      stepConfigs: {},
      executionHistory: [],
      runtimeMetadata: {},
    });
    if (nulls) await storage.put({ ...nulls, context: { ...nulls.context, initial: { a: 1 } }, activeSteps: new Set(["a"]) });
    const [row] = await database.sql("SELECT state FROM workflow_instances WHERE id = 'null::every-part'");
    expect(row?.state).toEqual({
      ...{ context: { initial: { a: 1 }, steps: {} }, step_configs: null, active_steps: ["a"] },
      ...{ completed_steps: null, execution_history: null, current_step: null, runtime_metadata: null },
    });
  });

  it("write an empty update if a key was missing and null would be another value", async () => {
    const instance = await storage.get("strange::7");
    const [entry] = instance?.executionHistory ?? [];
    if (instance && entry) await storage.put({ ...instance, executionHistory: [{ ...entry, contextUpdates: {} }] });
    expect((await storage.get("strange::7"))?.executionHistory[0]?.contextUpdates).toEqual({});
  });

  it("keep unknown keys through a change of all others", async () => {
    const instance = await storage.get("strange::4");
    if (instance) await storage.put({ ...instance, currentStep: "b", stepConfigs: {}, activeSteps: new Set(["b"]) });
    expect(await database.sql("SELECT state FROM workflow_instances WHERE id = 'strange::4'")).toEqual([
      { state: { current_step: "b", step_configs: {}, active_steps: ["b"], later: { v: [1, null, { x: "y" }] }, nothing: null } },
    ]);
  });
});
