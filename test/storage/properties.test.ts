import { inspect, isDeepStrictEqual } from "node:util";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { createPrismaStorage, type Instance, STATUSES, type InstanceStorage } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { withPatchedPrototypes } from "hephaestus-prisma/testing";
import { forgedMeta, instance, lossyInstance, plainInstance, text } from "./arbitraries.js";
import { databaseOn, storageOn } from "../storage-on.js";

const ROUND_TRIPS = 1_500;
const PLAIN_ROUND_TRIPS = 500;
const SEQUENCES = 200;

/** Compares as Node does: `toStrictEqual` mistakes a property `constructor` for the class. */
function expectEqual(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected))
    expect.fail(`found ${inspect(found, { depth: null })}\nexpected ${inspect(expected, { depth: null })}`);
}

describe("for arbitrary instances, through a real database", () => {
  const database = databaseOn(preparePostgresDatabase);
  const storage = createPrismaStorage(database.client);
  const exact = createPrismaStorage(database.client, { bigIntegers: "bigint" });

  it(`get returns what was put (${ROUND_TRIPS} runs)`, async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(instance, fc.boolean(), fc.boolean(), async (put, exactly, patched) => {
        runs++;
        const through = exactly ? exact : storage;
        await storage.delete(put.id); // so that no earlier run's version stays
        await (patched ? withPatchedPrototypes(() => through.put(put)) : through.put(put));
        const got = await through.get(put.id);
        expectEqual(got, put);
      }),
      { numRuns: ROUND_TRIPS },
    );
    expect(runs).toBeGreaterThanOrEqual(ROUND_TRIPS);
  });

  it(`put(get(id)) and a spread copy leave the stored state equal (${PLAIN_ROUND_TRIPS} runs, half of them rich)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(plainInstance, instance), fc.boolean(), async (put, exactly) => {
        const through = exactly ? exact : storage;
        await through.put(put);
        const stateOf = async (): Promise<unknown> =>
          (await database.sql("SELECT state::text, workflow FROM workflow_instances WHERE id = $1", [put.id]))[0];
        const before = await stateOf();
        const got = (await through.get(put.id)) as Instance;
        await through.put(got);
        expect(await stateOf()).toEqual(before);
        await through.put({ ...got, status: "failed", context: { ...got.context } });
        expect(await stateOf()).toEqual(before);
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });

  it(`plain JSON is stored as it is, without meta (${PLAIN_ROUND_TRIPS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(plainInstance, async (put) => {
        await storage.put(put);
        const [row] = await database.sql("SELECT state FROM workflow_instances WHERE id = $1", [put.id]);
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
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });
});

describe("for arbitrary rows of others", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it(`stored meta of any shape is read, or makes the row corrupt (${PLAIN_ROUND_TRIPS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(forgedMeta, fc.jsonValue().filter(isStorable), async (values, a) => {
        const state = JSON.stringify({ runtime_metadata: { a }, superjson: { v: 1, values } });
        await database.sql(
          "INSERT INTO workflow_instances (id, workflow, state) VALUES ('a', 'W', $1) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
          [state],
        );
        try {
          expect((await storage.get("a"))?.id).toBe("a");
        } catch (error) {
          expect(error).toMatchObject({ code: "CORRUPT_INSTANCE" });
        }
        expect(({} as Record<string, unknown>).a).toBeUndefined();
      }),
      { numRuns: PLAIN_ROUND_TRIPS },
    );
  });
});

/** Whether PostgreSQL stores a JSON value: it has no NUL character and no lone surrogate. */
function isStorable(value: unknown): boolean {
  const json = JSON.stringify(value);
  return !/\\u(?:0000|d[89a-f])/.test(json);
}

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

describe("random sequences of commands", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

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
