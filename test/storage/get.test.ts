import { CorruptInstanceError } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { anInstance } from "hephaestus-prisma/testing";
import { storageOn, ways } from "../storage-on.js";

describe.each(ways)("get by $way on $on", ({ way, prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);

  /** Stores a row as another writer would. */
  const insert = (state: unknown, id = "row::1"): Promise<unknown> =>
    database.sql("INSERT INTO workflow_instances (id, workflow, status, state) VALUES ($1, 'Order.V1', 'running', $2)", [
      id,
      JSON.stringify(state),
    ]);

  it("is one statement, whatever the numbers of the state", async () => {
    const metadata = { retries: 0, price: 19.99, half: 0.5, last: 2 ** 53 - 1 };
    await storage.put(anInstance({ runtimeMetadata: metadata }));
    database.statements();
    expect((await storage.get("order::1"))?.runtimeMetadata).toEqual(metadata);
    expect(await storage.get("order::2")).toBeNull();
    expect(database.statements()).toHaveLength(2);
  });

  it("is one statement for all at the same time by Prisma's verbs, and one for each by SQL", async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `price::${n}`);
    await storage.putMany(ids.map((id, n) => anInstance({ id, runtimeMetadata: { price: n + 0.5 } })));
    database.statements();
    const found = await Promise.all([...ids, "none", "price::0"].map((id) => storage.get(id)));
    expect(found.map((one) => one?.runtimeMetadata.price)).toEqual([...ids.map((_, n) => n + 0.5), undefined, 0.5]);
    expect(database.statements()).toHaveLength(way === "verbs" ? 1 : 22);
  });

  it("reads missing keys as their empty value", async () => {
    await insert({});
    expect(await storage.get("row::1")).toMatchObject({
      id: "row::1",
      workflow: "Order.V1",
      workflowVersion: 1,
      status: "running",
      currentStep: null,
      context: { initial: {}, steps: {} },
      stepConfigs: {},
      activeSteps: new Set(),
      completedSteps: new Set(),
      executionHistory: [],
      runtimeMetadata: {},
    });
  });

  it("keeps a timestamp to the digit", async () => {
    const timestamp = "1969-12-31T23:59:59.999999Z";
    await insert({ execution_history: [{ step_ref: "a", event: "b", timestamp, context_updates: null }] });
    expect((await storage.get("row::1"))?.executionHistory[0]?.timestamp).toBe(timestamp);
  });

  it.each([
    [[], "state", "expected an object, found an array"],
    [{ current_step: 5 }, "state.current_step", "expected a string, found a number"],
    [{ context: "x" }, "state.context", "expected an object, found a string"],
    [{ context: { steps: [] } }, "state.context.steps", "expected an object, found an array"],
    [{ step_configs: [1] }, "state.step_configs", "expected an object, found an array"],
    [{ active_steps: { a: 1 } }, "state.active_steps", "expected an array of strings, found an object"],
    [{ completed_steps: ["a", null] }, "state.completed_steps[1]", "expected a string, found null"],
    [{ execution_history: {} }, "state.execution_history", "expected an array, found an object"],
    [{ execution_history: [7] }, "state.execution_history[0]", "expected an object, found a number"],
    [{ execution_history: [{ step_ref: "a", event: "b" }] }, "state.execution_history[0].timestamp", "expected a string, found undefined"],
    [
      { execution_history: [{ step_ref: "a", event: "b", timestamp: "t", context_updates: 1 }] },
      "state.execution_history[0].context_updates",
      "expected an object, found a number",
    ],
    [{ step_configs: [] }, "state.step_configs", "expected an object, found an array"],
    [{ context: { initial: 1 } }, "state.context.initial", "expected an object, found a number"],
    [{ active_steps: {} }, "state.active_steps", "expected an array of strings, found an object"],
    [{ runtime_metadata: true }, "state.runtime_metadata", "expected an object, found a boolean"],
  ])("reports the state %j as corrupt at %s", async (state, path, problem) => {
    await insert(state);
    const error = await storage.get("row::1").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CorruptInstanceError);
    expect(error).toMatchObject({
      code: "CORRUPT_INSTANCE",
      id: "row::1",
      path,
      message: `row "row::1" is corrupt at ${path}: ${problem}`,
    });
  });

  it("reports a row as corrupt if its columns can't be an instance's", async () => {
    await database.sql(
      "ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_status_check, DROP CONSTRAINT workflow_instances_workflow_version_check",
    );
    await database.sql(
      "INSERT INTO workflow_instances (id, workflow, status, workflow_version) VALUES ('a', 'W', 'paused', 1), ('b', '', 'running', 1), ('c', 'W', 'running', 0)",
    );
    await expect(storage.get("a")).rejects.toThrow(
      'row "a" is corrupt at status: expected one of pending, running, waiting, completed, failed, found "paused"',
    );
    await expect(storage.get("b")).rejects.toThrow(
      'row "b" is corrupt at workflow: expected a string of 1 to 255 characters, found an empty one',
    );
    await expect(storage.get("c")).rejects.toThrow(
      'row "c" is corrupt at workflow_version: expected an integer from 1 to 2147483647, found 0',
    );
  });
});
