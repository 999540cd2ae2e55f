import { inspect, isDeepStrictEqual } from "node:util";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { createPrismaStorage, type Instance, STATUSES, type InstanceStorage } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { withPatchedPrototypes } from "hephaestus-prisma/testing";
import { databaseOn, storageOn, TABLE } from "../storage-on.js";
import { instance, instanceOfVerbs, lossyInstance, plainInstance, text } from "./arbitraries.js";

const ROUND_TRIPS = 500;
const PLAIN_ROUND_TRIPS = 200;
const SEQUENCES = 60; // by each of two ways

/** Compares as Node does: `toStrictEqual` mistakes a property `constructor` for the class. */
function expectEqual(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected))
    expect.fail(`found ${inspect(found, { depth: null })}\nexpected ${inspect(expected, { depth: null })}`);
}

describe("for arbitrary instances, through a real database", () => {
  const database = databaseOn(preparePostgresDatabase);
  const { client } = database;
  const verbs = createPrismaStorage(client);
  const sql = createPrismaStorage(client, { table: TABLE });
  const exact = createPrismaStorage(client, { table: TABLE, bigIntegers: "bigint" });

  // An instance, and a storage that can store it.
  const stored = fc.oneof(
    fc.tuple(instanceOfVerbs, fc.constant(verbs)),
    fc.tuple(instance, fc.constant(sql)),
    fc.tuple(instance, fc.constant(exact)),
  );

  const plain = fc.tuple(plainInstance, fc.constantFrom(verbs, sql, exact));

  it(`get returns what was put (${ROUND_TRIPS} runs)`, async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(stored, fc.boolean(), async ([put, through], patched) => {
        runs++;
        await through.delete(put.id); // so that no earlier run's version stays
        await (patched ? withPatchedPrototypes(() => through.put(put)) : through.put(put));
        expectEqual(await through.get(put.id), put);
      }),
      { numRuns: ROUND_TRIPS },
    );
    expect(runs).toBeGreaterThanOrEqual(ROUND_TRIPS);
  });

  it(`put(get(id)), a spread copy and a swap leave the stored state equal (${PLAIN_ROUND_TRIPS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(plain, stored), async ([put, through]) => {
        await through.put(put);
        const stateOf = async (): Promise<unknown> =>
          (await database.sql("SELECT state::text, workflow FROM workflow_instances WHERE id = $1", [put.id]))[0];
        const before = await stateOf();
        const got = (await through.get(put.id)) as Instance;
        await through.put(got);
        expect(await stateOf()).toEqual(before);
        await through.put({ ...got, status: "failed", context: { ...got.context } });
        expect(await stateOf()).toEqual(before);
        await through.put({ ...got, status: "running" }, { expected: { ...got, status: "failed" } });
        expect(await stateOf()).toEqual(before);
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });

  it(`plain JSON is stored as it is, without types (${PLAIN_ROUND_TRIPS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(plain, async ([put, through]) => {
        await through.put(put);
        const [row] = await database.sql("SELECT state, workflow_version FROM workflow_instances WHERE id = $1", [put.id]);
        expect(row?.state).toEqual({
          current_step: put.currentStep,
          context: put.context,
          step_configs: put.stepConfigs,
          active_steps: expect.toSatisfy((names: string[]) => isDeepStrictEqual(new Set(names), put.activeSteps)) as unknown,
          completed_steps: expect.toSatisfy((names: string[]) => isDeepStrictEqual(new Set(names), put.completedSteps)) as unknown,
          execution_history: put.executionHistory.map((entry) => ({
            step_ref: entry.stepRef,
            event: entry.event,
            timestamp: entry.timestamp,
            context_updates: entry.contextUpdates,
          })),
          runtime_metadata: put.runtimeMetadata,
        });
        const expected = structuredClone({ ...put, workflowVersion: Number(row?.workflow_version) });
        await through.put({ ...put, status: "failed" }, { expected });
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });
});

describe("for arbitrary values of others", () => {
  it(`values of another realm come back as those of this one (${PLAIN_ROUND_TRIPS} runs)`, async () => {
    const memory = createMemoryStorage();
    const clone = runInNewContext(FOREIGN_COPY) as (value: unknown) => Instance["runtimeMetadata"];
    await fc.assert(
      fc.asyncProperty(plainInstance, fc.date({ noInvalidDate: true }), async (put, at) => {
        const metadata = { metadata: put.runtimeMetadata, at, map: new Map([[at, new Set([put.id])]]) };
        await memory.put({ ...put, runtimeMetadata: clone(metadata) });
        expectEqual((await memory.get(put.id))?.runtimeMetadata, metadata);
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });

  it(`what would lose something is rejected (${PLAIN_ROUND_TRIPS} runs)`, async () => {
    const memory = createMemoryStorage();
    await fc.assert(
      fc.asyncProperty(lossyInstance, async (put) => {
        await expect(memory.put(put)).rejects.toMatchObject({ code: "INVALID_INSTANCE" });
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });
});

const FOREIGN_COPY = `(function copy(value) {
  if (typeof value !== "object" || value === null) return value;
  const tag = Object.prototype.toString.call(value);
  if (Array.isArray(value)) return Array.from(value, copy);
  if (tag === "[object Date]") return new Date(value.getTime());
  if (tag === "[object Set]") return new Set(Array.from(value, copy));
  if (tag === "[object Map]") return new Map(Array.from(value, ([key, item]) => [copy(key), copy(item)]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
})`;

/** A storage as a map by id, in which the version of the first put stays. */
class Model {
  readonly instances = new Map<string, Instance>();

  put(put: Instance): void {
    const { workflowVersion } = this.instances.get(put.id) ?? put;
    this.instances.set(put.id, { ...put, workflowVersion });
  }

  family(prefix: string): string[] {
    return [...this.instances.values()].flatMap(({ id, workflow }) => (workflow.startsWith(prefix) ? [id] : [])).sort();
  }
}

// A few ids and workflows, so that commands affect each other, with the characters that are special to LIKE.
const fewIds = fc.constantFrom("a", "a%", "a_", "A", "\\");
const prefix = fc.oneof(fc.string({ unit: fc.constantFrom("a", "%", "_", "\\", "A", "é"), maxLength: 3 }), text);
type Command = fc.AsyncCommand<Model, InstanceStorage, true>;

const command = (name: string, run: Command["run"]): Command => ({ check: () => Promise.resolve(true), run, toString: () => name });
const commands = fc.commands<Model, InstanceStorage, true>(
  [
    fc.tuple(plainInstance, fewIds, prefix, fc.constantFrom(...STATUSES)).map(([any, id, workflow, status]) => {
      const put = { ...any, id, workflow: workflow === "" ? "w" : workflow, status };
      return command(`put(${JSON.stringify(put.id)}, ${JSON.stringify(put.workflow)})`, async (model, storage) => {
        await storage.put(put);
        model.put(put);
      });
    }),
    fewIds.map((id) =>
      command(`delete(${JSON.stringify(id)})`, async (model, storage) => {
        await storage.delete(id);
        model.instances.delete(id);
      }),
    ),
    fewIds.map((id) =>
      command(`get(${JSON.stringify(id)})`, async (model, storage) => {
        expectEqual(await storage.get(id), model.instances.get(id) ?? null);
      }),
    ),
    prefix.map((family) =>
      command(`query({ workflowFamily: ${JSON.stringify(family)} })`, async (model, storage) => {
        const found = await storage.query({ workflowFamily: family });
        expect(found.map(({ id }) => id).sort()).toEqual(model.family(family));
      }),
    ),
  ],
  { maxCommands: 30 },
);

describe.each([
  ["verbs", {}],
  ["SQL", { table: TABLE }],
])("random sequences of commands by %s", (_, options) => {
  const { database, storage } = storageOn(preparePostgresDatabase, options);

  it(`return what a plain in-memory model returns (${SEQUENCES} sequences)`, async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        await database.sql("DELETE FROM workflow_instances");
        const model = new Model();
        await fc.asyncModelRun(() => ({ model, real: storage }), sequence);
        expect((await storage.query()).map(({ id }) => id).sort()).toEqual([...model.instances.keys()].sort());
      }),
      { numRuns: SEQUENCES },
    );
  });
});
