import type { Instance } from "hephaestus-prisma";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { type EctoRow, ectoRows, ectoRowsBeyondCallers, insertEctoRows } from "../ecto.js";
import { storageOn } from "../storage-on.js";

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

const rows: EctoRow[] = [
  ...ectoRows,
  ...ectoRowsBeyondCallers,
  ...strangeStates.map((state_text, n) => ({
    id: `strange::${n}`,
    workflow: "W",
    workflow_version: n + 1,
    status: "running",
    state_text,
  })),
];

describe.each(databases)("rows of other writers on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);
  beforeAll(() => database.sql("CREATE TABLE originals (LIKE workflow_instances)"));
  beforeEach(async () => {
    await database.sql("DELETE FROM originals");
    await insertEctoRows(database, rows);
    await database.sql("INSERT INTO originals SELECT * FROM workflow_instances");
  });

  /** Compares in the database, as `jsonb`. */
  const changed = (condition: string): Promise<unknown> =>
    database.sql(
      `SELECT id, now.state, was.state AS was FROM workflow_instances now JOIN originals was USING (id) WHERE NOT (${condition}) ORDER BY id`,
    );

  it("are all readable", async () => {
    expect((await storage.query()).map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(ectoRows.length).toBeGreaterThan(10);
  });

  it("are unchanged by put(get(id))", async () => {
    for (const { id } of rows) {
      const instance = await storage.get(id);
      if (instance) await storage.put(instance);
    }
    expect(
      await changed(
        "now.workflow = was.workflow AND now.workflow_version = was.workflow_version AND now.status = was.status AND now.state = was.state AND now.inserted_at = was.inserted_at",
      ),
    ).toEqual([]);
    expect(
      await database.sql(
        "SELECT count(*)::int AS n FROM workflow_instances n JOIN originals o USING (id) WHERE n.updated_at > o.updated_at",
      ),
    ).toEqual([{ n: rows.length }]);
  });

  it("keep their state through a spread copy", async () => {
    for (const { id } of rows) {
      const instance = await storage.get(id);
      if (instance) await storage.put({ ...instance, status: "waiting", context: { ...instance.context } });
    }
    expect(await changed("now.state = was.state AND now.status = 'waiting'")).toEqual([]);
  });

  it("go back as they came beside what is changed, and what is added is checked", async () => {
    const polluted: Record<string, unknown> = {};
    for (const { id } of rows) {
      const instance = await storage.get(id);
      if (instance) await storage.update(id, (now) => ({ ...now, runtimeMetadata: { ...now.runtimeMetadata, at: new Date(0) } }));
      expect((await storage.get(id))?.runtimeMetadata.at).toEqual(new Date(0));
    }
    expect(polluted.polluted).toBeUndefined();
    const proto = (await storage.get("proto::metadata")) as Instance;
    const more = JSON.parse('{"__proto__": {"mine": 1}}') as object;
    await expect(storage.put({ ...proto, stepConfigs: { more } })).rejects.toMatchObject({ code: "NOT_SERIALIZABLE" });
    const deep = (await storage.get("deep::metadata")) as Instance;
    const added = JSON.parse("[".repeat(501) + "]".repeat(501)) as unknown;
    await expect(storage.put({ ...deep, stepConfigs: { added } })).rejects.toMatchObject({ code: "NOT_SERIALIZABLE" });
  });

  it("are in the fixtures as jsonb's own text", async () => {
    const stored = await database.sql("SELECT id, state::text AS state_text FROM workflow_instances");
    const texts = new Map(stored.map(({ id, state_text }) => [id, state_text]));
    for (const { id, state_text } of [...ectoRows, ...ectoRowsBeyondCallers]) expect(texts.get(id)).toBe(state_text);
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
      ...{ context: { initial: { a: 1 } }, step_configs: null, active_steps: ["a"] },
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
