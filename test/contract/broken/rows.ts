import type { Instance, InstanceStorage } from "hephaestus-prisma";
import type { TestDatabase } from "../../database.js";
import { withoutProto } from "./parts.js";

/** A storage on a table with one fault, in what it does with rows of other writers. */
export interface BrokenRows {
  readonly fault: string;
  readonly overrides: (storage: InstanceStorage, database: TestDatabase) => Partial<InstanceStorage>;
  /** The cases of the contract that fail for it, without their group. */
  readonly caughtBy: readonly string[];
}

const CONTEXTS = ["null", "{}", '{"initial":{"a":1}}', '{"initial":{"a":1},"steps":null}', '{"steps":{}}'];
const INCOMPLETE = CONTEXTS.map((context) => `completes the context ${context} once it is changed, and leaves it as it came until then`);
const COPIES = [
  { runtime_metadata: '{},"unknown":{"a":1}' },
  { active_steps: '["pay","a"]' },
  { context: '{"initial":{"a":1},"steps":{},"more":1}' },
  { step_configs: "null" },
].map((parts) => `conflicts if a structuredClone of ${JSON.stringify(parts)} is expected, and says why`);
const FORGED = [
  ...['{"v":1}', '{"v":1,"values":{}}', '{"v":1,"values":{"runtime_metadata.at":"Date"},"more":1}'],
  ...['{"v":1,"values":{"runtime_metadata.at":"date"}}', '{"v":1,"values":{"runtime_metadata.none":"Date"}}'],
  ...['{"v":1,"values":{"runtime_metadata":{"at":["Date"]}}}', '{"v":1,"values":{"runtime_metadata.at":["Date"]}}'],
  ...[
    '{"v":1,"values":{"active_steps":"set"}}',
    '{"v":1,"values":{"current_step":"undefined"}}',
    '{"v":1,"values":{"context.initial":"map"}}',
  ],
].map((types) => `rejects a row with the types ${types}`);
const NULLS = ["metadata", "active steps", "completed steps", "configs", "history", "context", "both parts of the context"];
const TOO_DEEP = "rejects more than a thousand levels, and leaves the row as it came";

const NEWER = "leaves the types of a newer version as they came";

/** The cases about a row of some form. */
const casesOf = (what: string): string[] => [
  `reads ${what}, and pollutes no prototype`,
  `puts ${what} back as it came, through a spread copy too`,
  `updates beside ${what}, which stays as it came`,
];

const codeOf = (error: unknown): unknown => Reflect.get(Object(error) as object, "code");

/** Reads an instance of which a part of the state was taken away for the moment. */
async function readWithout(database: TestDatabase, path: string, read: () => Promise<Instance | null>): Promise<Instance | null> {
  const [row] = await database.sql("SELECT id, state::text AS state FROM workflow_instances");
  await database.sql(`UPDATE workflow_instances SET state = state #- '${path}'`);
  try {
    return await read();
  } finally {
    await database.sql("UPDATE workflow_instances SET state = $1", [row?.state]);
  }
}

export const brokenRows: readonly BrokenRows[] = [
  {
    fault: "keeps nothing of a row but what it knows",
    overrides: (storage) => ({
      get: async (id, options) => structuredClone(await storage.get(id, options)),
      put: (instance, options) => storage.put(structuredClone(instance), options),
      update: (id, change, options) => storage.update(id, async (current) => structuredClone(await change(current)), options),
    }),
    caughtBy: [
      ...NULLS.flatMap((part) => [
        `puts null as ${part} back as it came, through a spread copy too`,
        ...(part === "configs" ? [] : [`updates beside null as ${part}, which stays as it came`]),
      ]),
      ...INCOMPLETE,
      ...COPIES,
      NEWER,
    ],
  },
  {
    fault: "rejects null where there can be nothing",
    overrides(storage, database) {
      const check = async (): Promise<void> => {
        const [row] = await database.sql("SELECT state - 'current_step' AS state FROM workflow_instances");
        if (/:null\b/.test(JSON.stringify(row?.state))) throw Object.assign(new Error("null"), { code: "CORRUPT_INSTANCE" });
      };
      return {
        get: (id, options) => check().then(() => storage.get(id, options)),
        update: (id, change, options) => check().then(() => storage.update(id, change, options)),
      };
    },
    caughtBy: [
      ...NULLS.flatMap((part) => casesOf(`null as ${part}`)),
      ...INCOMPLETE.filter((name) => name.includes("null")),
      ...COPIES.slice(-1),
    ],
  },
  {
    fault: "reads no keys __proto__",
    overrides: (storage) => ({
      async get(id, options) {
        const found = await storage.get(id, options);
        if (found === null) return null;
        const executionHistory = found.executionHistory.map((entry) => ({ ...entry, contextUpdates: withoutProto(entry.contextUpdates) }));
        const { initial, steps } = found.context;
        const context = { ...found.context, initial: withoutProto(initial), steps: withoutProto(steps) };
        return { ...found, context, executionHistory, runtimeMetadata: withoutProto(found.runtimeMetadata) };
      },
    }),
    caughtBy: ["in the metadata", "in the context and the history"].flatMap((where) => casesOf(`keys __proto__ ${where}`)),
  },
  {
    fault: "completes no context",
    overrides: (storage, database) => ({
      async update(id, change, options) {
        const [row] = await database.sql("SELECT coalesce(state->'context', 'null') AS context FROM workflow_instances");
        const updated = await storage.update(id, change, options);
        const before = Object(row?.context) as { initial?: unknown; steps?: unknown };
        for (const part of ["initial", "steps"] as const)
          if (!before[part])
            await database.sql(
              `UPDATE workflow_instances SET state = state #- '{context,${part}}' WHERE state->'context'->'${part}' = '{}'`,
            );
        return updated;
      },
    }),
    caughtBy: INCOMPLETE.filter((name) => !name.includes('{"steps":{}}')),
  },
  {
    fault: "completes every context, changed or not",
    overrides: (storage, database) => ({
      async update(id, change, options) {
        const updated = await storage.update(id, change, options);
        await database.sql(`
          UPDATE workflow_instances SET state = jsonb_set(state, '{context}', '{"initial":{},"steps":{}}' || jsonb_strip_nulls(
            CASE jsonb_typeof(state->'context') WHEN 'object' THEN state->'context' ELSE '{}' END))`);
        return updated;
      },
    }),
    caughtBy: [
      ...INCOMPLETE,
      ...["context", "both parts of the context"].map((part) => `updates beside null as ${part}, which stays as it came`),
    ],
  },
  {
    fault: "takes a copy for the instance, whatever the copy lacks",
    overrides: (storage) => ({
      async put(instance, options = {}) {
        await storage.put(instance, options).catch(async (error: unknown) => {
          const stored = codeOf(error) === "CONFLICT" ? await storage.get(instance.id) : null;
          if (stored === null) throw error;
          await storage.put(instance, { ...options, expected: stored });
        });
      },
    }),
    caughtBy: COPIES,
  },
  {
    fault: "doesn't say that a copy lacks something",
    overrides: (storage) => ({
      async put(instance, options) {
        await storage.put(instance, options).catch((error: unknown) => {
          if (codeOf(error) === "CONFLICT" && error instanceof Error) error.message = "another writer was faster";
          throw error;
        });
      },
    }),
    caughtBy: COPIES,
  },
  {
    fault: "reads more than a thousand levels",
    overrides: (storage, database) => ({
      get: (id, options) =>
        storage.get(id, options).catch((error: unknown) => {
          if (codeOf(error) !== "CORRUPT_INSTANCE") throw error;
          return readWithout(database, "{runtime_metadata}", () => storage.get(id, options));
        }),
    }),
    caughtBy: [TOO_DEEP],
  },
  {
    fault: "stores more than a thousand levels",
    overrides: (storage, database) => ({
      async put(instance, options) {
        await storage.put(instance, options).catch(async (error: unknown) => {
          if (codeOf(error) !== "NOT_SERIALIZABLE") throw error;
          const configs = JSON.stringify(instance.stepConfigs);
          await database.sql("UPDATE workflow_instances SET state = jsonb_set(state, '{step_configs}', $1)", [configs]);
        });
      },
    }),
    caughtBy: [TOO_DEEP, NEWER],
  },
  {
    fault: "rejects more than 500 levels",
    overrides: (storage, database) => ({
      async get(id, options) {
        const [row] = await database.sql("SELECT state::text AS state FROM workflow_instances");
        if (String(row?.state).includes("[".repeat(500))) throw new RangeError("it is too deep");
        return storage.get(id, options);
      },
    }),
    caughtBy: [...["in the metadata", "in the context and the history"].flatMap((where) => casesOf(`900 levels ${where}`)), TOO_DEEP],
  },
  {
    fault: "passes over types that it doesn't understand",
    overrides: (storage, database) => ({
      get: (id, options) =>
        storage.get(id, options).catch((error: unknown) => {
          if (Reflect.get(Object(error) as object, "path") !== "state.value_types") throw error;
          return readWithout(database, "{value_types}", () => storage.get(id, options));
        }),
    }),
    caughtBy: FORGED,
  },
  {
    fault: "reads no types",
    overrides: (storage, database) => ({
      get: (id, options) => readWithout(database, "{value_types}", () => storage.get(id, options)),
    }),
    caughtBy: [...FORGED, "reads a value by its type, and puts the row back as it came", NEWER],
  },
];
