import { createInstance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { storageOn, ways } from "../storage-on.js";

describe.each(ways)("put by $way on $on", ({ way, prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);

  it("stores HephaestusEcto's columns and JSON shape", async () => {
    await storage.put(anInstance());
    const [row] = await database.sql("SELECT * FROM workflow_instances");
    expect(row).toMatchObject({ id: "order::1", workflow: "Order.V2", workflow_version: 2, status: "waiting" });
    expect(row?.state).toEqual({
      current_step: "payment",
      context: { initial: { items: [{ sku: "A-1", cents: 1999 }] }, steps: { validate: { valid: true }, reserve: null } },
      step_configs: { payment: { retries: 3, backoff: [1, 2.5, null] }, notify: null },
      active_steps: ["notify", "payment"],
      completed_steps: ["validate"],
      execution_history: [
        { step_ref: "validate", event: "valid", timestamp: "2026-04-12T10:11:12.345678Z", context_updates: { valid: true } },
        { step_ref: "reserve", event: "timeout", timestamp: "2026-04-12T10:11:13Z", context_updates: null },
      ],
      runtime_metadata: { trace_id: "abc-123" },
    });
  });

  it("stores a new instance with every key of the state", async () => {
    await storage.put(createInstance({ id: "order::2", workflow: "Order.V1" }));
    const [row] = await database.sql("SELECT workflow_version, status, state FROM workflow_instances");
    expect(row).toEqual({
      workflow_version: 1,
      status: "pending",
      state: {
        current_step: null,
        context: { initial: {}, steps: {} },
        step_configs: {},
        active_steps: [],
        completed_steps: [],
        execution_history: [],
        runtime_metadata: {},
      },
    });
  });

  it("keeps the original version on upsert", async () => {
    await storage.put(anInstance());
    await storage.put(anInstance({ workflowVersion: 3, workflow: "Order.V3", status: "running" }));
    const rows = await database.sql("SELECT workflow, workflow_version, status FROM workflow_instances");
    expect(rows).toEqual([{ workflow: "Order.V3", workflow_version: 2, status: "running" }]);
  });

  it("keeps inserted_at and renews updated_at on upsert", async () => {
    await database.sql(
      "INSERT INTO workflow_instances (id, workflow, inserted_at, updated_at) VALUES ('order::1', 'Order.V2', '2020-01-02 03:04:05.678', '2020-01-02 03:04:05.678')",
    );
    await storage.put(anInstance());
    const [row] = await database.sql("SELECT inserted_at::text, updated_at > '2020-01-03' AS renewed FROM workflow_instances");
    expect(row).toEqual({ inserted_at: "2020-01-02 03:04:05.678", renewed: true });
  });

  it("writes both timestamps in UTC", async () => {
    await storage.put(anInstance());
    const [row] = await database.sql(
      "SELECT inserted_at = updated_at AS same, abs(extract(epoch FROM timezone('UTC', now()) - updated_at)) < 600 AS utc FROM workflow_instances",
    );
    expect(row).toEqual({ same: true, utc: true });
  });

  it("is one statement, an INSERT ON CONFLICT that doesn't send the state back", async () => {
    database.statements();
    await storage.put(anInstance());
    const [statement, ...more] = database.statements();
    expect(more).toEqual([]);
    expect(statement?.trim()).toMatch(/^INSERT INTO .* ON CONFLICT \("?id"?\) DO UPDATE\s+SET /s);
    const [, returned] = statement?.split(" RETURNING ") ?? [];
    if (way === "SQL") expect(returned).toBeUndefined();
    else expect(returned).toMatch(/^"[a-z]+"\."workflow_instances"\."id"$/);
  });

  it("sorts the steps as Elixir does, by code points", async () => {
    await storage.put(anInstance({ activeSteps: new Set(["😀", "\uffee", "b", "a", "ab"]) }));
    const [row] = await database.sql("SELECT state->'active_steps' AS steps FROM workflow_instances");
    expect(row?.steps).toEqual(["a", "ab", "b", "\uffee", "😀"]);
  });
});
