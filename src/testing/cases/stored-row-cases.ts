import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../instance/instance.js";
import type { InstanceStorage } from "../../storage/storage.js";
import type { StoredRow, StoreRow } from "../stored-row.js";
import { type Capabilities, type Cases, eachCase } from "./cases.js";
import { read } from "./reading.js";

const PARTS = {
  current_step: "null",
  context: '{"initial":{"a":1},"steps":{}}',
  step_configs: "{}",
  active_steps: '["pay"]',
  completed_steps: "[]",
  execution_history: "[]",
  runtime_metadata: "{}",
};
type Parts = Partial<typeof PARTS>;

/** A row in which some parts of the state are other JSON texts. */
function rowWith(parts: Parts, status = "waiting"): StoredRow {
  const members = Object.entries({ ...PARTS, ...parts }).map(([key, text]) => `"${key}":${text}`);
  return { id: "order::1", workflow: "Order.V2", workflowVersion: 2, status, state: `{${members.join(",")}}` };
}

/** What is read of a row in which some parts are other ones. */
function instanceWith(fields: Partial<Instance>): Instance {
  const instance = createInstance({ id: "order::1", workflow: "Order.V2", workflowVersion: 2, initial: { a: 1 } });
  return { ...instance, status: "waiting", activeSteps: new Set(["pay"]), ...fields };
}

const PROTO = '{"__proto__":{"polluted":true},"list":[{"__proto__":5}]}';
const nested = (levels: number): string => `{"list":${"[".repeat(levels)}${"]".repeat(levels)}}`;
const DEEP = nested(900);
const TOO_DEEP = nested(1_000);
const objectOf = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const entry = { event: "paid", timestamp: "2026-04-12T10:11:12.345678Z" };
const historyOf = (updates: string): string => `[{"step_ref":"pay",${JSON.stringify(entry).slice(1, -1)},"context_updates":${updates}}]`;

interface OddRow {
  readonly name: string;
  readonly parts: Parts;
  /** What is read of these parts. */
  readonly fields: Partial<Instance>;
}

const oddRow = (name: string, text: string): OddRow[] => [
  { name: `${name} in the metadata`, parts: { runtime_metadata: text }, fields: { runtimeMetadata: objectOf(text) } },
  {
    name: `${name} in the context and the history`,
    parts: { context: `{"initial":${text},"steps":{"pay":${text}}}`, execution_history: historyOf(text) },
    fields: {
      context: { initial: objectOf(text), steps: { pay: objectOf(text) } },
      executionHistory: [{ stepRef: "pay", ...entry, contextUpdates: objectOf(text) }],
    },
  },
];

/** Rows with null, which is read as empty. */
const nulls: readonly OddRow[] = [
  { name: "null as metadata", parts: { runtime_metadata: "null" }, fields: {} },
  { name: "null as active steps", parts: { active_steps: "null" }, fields: { activeSteps: new Set() } },
  { name: "null as completed steps", parts: { completed_steps: "null" }, fields: {} },
  { name: "null as configs", parts: { step_configs: "null" }, fields: {} },
  { name: "null as history", parts: { execution_history: "null" }, fields: {} },
  { name: "null as context", parts: { context: "null" }, fields: { context: { initial: {}, steps: {} } } },
  {
    name: "null as both parts of the context",
    parts: { context: '{"initial":null,"steps":null}' },
    fields: { context: { initial: {}, steps: {} } },
  },
];

/** Rows in another form than the writer's, which a copy by `structuredClone` doesn't keep. */
const foreign: readonly Parts[] = [
  { runtime_metadata: '{},"unknown":{"a":1}' },
  { active_steps: '["pay","a"]' },
  { context: '{"initial":{"a":1},"steps":{},"more":1}' },
  { step_configs: "null" },
];

const DATE = '{"at":"1970-01-01T00:00:00.000Z"}';
const typed = (types: string): Parts => ({ runtime_metadata: `${DATE},"value_types":${types}` });

/** Types that the writer doesn't write for the JSON beside them. */
const forged = [
  ...['{"v":1}', '{"v":1,"values":{}}', '{"v":1,"values":{"runtime_metadata.at":"Date"},"more":1}'],
  ...['{"v":1,"values":{"runtime_metadata.at":"date"}}', '{"v":1,"values":{"runtime_metadata.none":"Date"}}'],
  ...['{"v":1,"values":{"runtime_metadata":{"at":["Date"]}}}', '{"v":1,"values":{"runtime_metadata.at":["Date"]}}'],
  ...[
    '{"v":1,"values":{"active_steps":"set"}}',
    '{"v":1,"values":{"current_step":"undefined"}}',
    '{"v":1,"values":{"context.initial":"map"}}',
  ],
];

/** Contexts that HephaestusEcto reads as empty if one of their parts is added alone. */
const contexts = ["null", "{}", '{"initial":{"a":1}}', '{"initial":{"a":1},"steps":null}', '{"steps":{}}'];

/** What a storage does with rows that another writer has stored in its table. */
export function storedRowCases(storeRow: StoreRow, can: Capabilities): Cases {
  const rows = [...nulls, ...oddRow("900 levels", DEEP), ...(can.anyKeys ? oddRow("keys __proto__", PROTO) : [])];
  return {
    ...eachCase(
      rows,
      ({ name }) => `reads ${name}, and pollutes no prototype`,
      async (storage, { parts, fields }) => {
        await storeRow(rowWith(parts), storage);
        assert.deepEqual(fieldsOf(await read(storage)), instanceWith(fields));
        assert.deepEqual((await storage.query()).map(fieldsOf), [instanceWith(fields)]);
        assert.equal(Reflect.get({}, "polluted"), undefined);
        assert.equal(Reflect.get((await read(storage)).runtimeMetadata, "polluted"), undefined);
      },
    ),

    ...eachCase(
      rows,
      ({ name }) => `puts ${name} back as it came, through a spread copy too`,
      async (storage, { parts, fields }) => {
        await storeRow(rowWith(parts), storage);
        await storage.put(await read(storage));
        const instance = await read(storage);
        await storage.put({ ...instance, context: { ...instance.context } });
        assert.deepEqual(fieldsOf(await read(storage)), instanceWith(fields));
        await assertStored(storage, storeRow, rowWith(parts));
      },
    ),

    ...eachCase(
      rows,
      ({ name }) => `updates beside ${name}, which stays as it came`,
      async (storage, { parts, fields }) => {
        await storeRow(rowWith(parts), storage);
        const stepConfigs = { pay: { retries: 3 } };
        await storage.update("order::1", (current) => ({ ...current, status: "running", stepConfigs }));
        assert.deepEqual(fieldsOf(await read(storage)), instanceWith({ ...fields, status: "running", stepConfigs }));
        await assertStored(storage, storeRow, rowWith({ ...parts, step_configs: JSON.stringify(stepConfigs) }, "running"));
      },
    ),

    "rejects more than a thousand levels, and leaves the row as it came": async (storage) => {
      await storeRow(rowWith({ runtime_metadata: TOO_DEEP }), storage);
      await assert.rejects(storage.get("order::1"), { code: "CORRUPT_INSTANCE" });
      await storage.delete("order::1");
      await storeRow(rowWith({}), storage);
      const instance = await read(storage);
      await assert.rejects(storage.put({ ...instance, stepConfigs: objectOf(TOO_DEEP) }), { code: "NOT_SERIALIZABLE" });
      await assertStored(storage, storeRow, rowWith({}));
    },

    ...eachCase(
      foreign,
      (parts) => `conflicts if a structuredClone of ${JSON.stringify(parts)} is expected, and says why`,
      async (storage, parts) => {
        await storeRow(rowWith(parts), storage);
        const current = await read(storage);
        await assert.rejects(storage.put({ ...current, status: "failed" }, { expected: structuredClone(current) }), {
          code: "CONFLICT",
          message: /a copy of the instance \(structuredClone, JSON\) doesn't keep/,
        });
        await storage.put({ ...current, status: "running" }, { expected: { ...current } });
        assert.equal((await read(storage)).status, "running");
      },
    ),

    ...eachCase(
      forged,
      (types) => `rejects a row with the types ${types}`,
      async (storage, types) => {
        await storeRow(rowWith(typed(types)), storage);
        const corrupt = { code: "CORRUPT_INSTANCE", id: "order::1", path: "state.value_types" };
        await assert.rejects(storage.get("order::1"), corrupt);
        await assert.rejects(storage.query(), corrupt);
        await assert.rejects(storage.update("order::1", () => assert.fail("it was called")), corrupt); // prettier-ignore
        assert.equal(await storage.count(), 1);
      },
    ),

    "reads a value by its type, and puts the row back as it came": async (storage) => {
      const row = rowWith(typed('{"v":1,"values":{"runtime_metadata.at":"Date"}}'));
      await storeRow(row, storage);
      assert.deepEqual(fieldsOf(await read(storage)), instanceWith({ runtimeMetadata: { at: new Date(0) } }));
      await storage.put(await read(storage));
      await assertStored(storage, storeRow, row);
    },

    "leaves the types of a newer version as they came": async (storage) => {
      const row = rowWith(typed('{"v":2,"values":{"runtime_metadata.at":"Instant"}}'));
      await storeRow(row, storage);
      assert.deepEqual(fieldsOf(await read(storage)), instanceWith({ runtimeMetadata: objectOf(DATE) }));
      await storage.put(await read(storage));
      await assertStored(storage, storeRow, row);
      await assert.rejects(storage.put({ ...(await read(storage)), stepConfigs: { at: new Date(0) } }), { code: "NOT_SERIALIZABLE" });
    },

    ...eachCase(
      contexts,
      (context) => `completes the context ${context} once it is changed, and leaves it as it came until then`,
      async (storage, context) => {
        await storeRow(rowWith({ context }), storage);
        await storage.update("order::1", (current) => ({ ...current, status: "running" }));
        await assertStored(storage, storeRow, rowWith({ context }, "running"));
        await storage.delete("order::1");
        await storeRow(rowWith({ context }), storage);
        await storage.update("order::1", (current) => ({ ...current, context: { ...current.context, initial: { b: 2 } } }));
        await assertStored(storage, storeRow, rowWith({ context: '{"initial":{"b":2},"steps":{}}' }));
      },
    ),
  };
}

/** A copy without symbols, by which a storage may remember what it has read. */
function fieldsOf(instance: Instance): Instance {
  return structuredClone(instance);
}

/** Asserts that the stored row equals this one: a compare-and-swap that expects the one succeeds on the other. */
async function assertStored(storage: InstanceStorage, storeRow: StoreRow, row: StoredRow): Promise<void> {
  const found = await read(storage);
  await storage.delete(row.id);
  await storeRow(row, storage);
  await assert.doesNotReject(storage.put(found, { expected: found }), "the stored row equals the expected one");
}
