import assert from "node:assert/strict";
import { anInstance } from "../an-instance.js";
import type { StoreRow } from "../stored-row.js";
import type { Capabilities, Cases } from "./cases.js";
import { rejectsForUpdate, type Transact } from "./for-update-cases.js";

/** Why a storage lacks capabilities. */
export type Lacks = Partial<Readonly<Record<keyof Capabilities, string>>>;

const LOST_KEYS = [
  '{"__proto__":{"a":1}}',
  '{"list":[{"__proto__":0}]}',
  '{"list":[{"__prismaRawParameters__":true,"values":"x"}]}',
  '{"a":{"$type":""}}',
  '{"constructor":{"list":[{"$type":"x"}]}}',
];

const lost = { code: "NOT_SERIALIZABLE" };

/** What a storage does that lacks capabilities: it rejects, and neither reads nor stores something else. */
export function lackCases(
  { containment, exactNumbers, anyKeys, rowLocks }: Lacks,
  storeRow: StoreRow | undefined,
  transact: Transact | undefined,
): Cases {
  return {
    ...(containment !== undefined && {
      [`rejects stateContains and contextContains: ${containment}`]: async (storage) => {
        await storage.put(anInstance({ status: "failed" }));
        for (const filter of ["stateContains", "contextContains"]) {
          const rejected = { code: "INVALID_FILTER", filter };
          await assert.rejects(storage.query({ [filter]: {} }), rejected);
          assert.throws(() => storage.stream({ [filter]: {} }), rejected);
          await assert.rejects(storage.list({ [filter]: {} }), rejected);
          await assert.rejects(storage.count({ [filter]: {} }), rejected);
          await assert.rejects(storage.countBy("status", { [filter]: {} }), rejected);
          await assert.rejects(storage.prune({ status: "failed", [filter]: {} }), rejected);
        }
        assert.equal(await storage.count(), 1);
      },
    }),
    ...(exactNumbers !== undefined && {
      [`rejects numbers beyond 2^53: ${exactNumbers}`]: async (storage) => {
        for (const n of [2 ** 53, -(2 ** 53), 1e21, 1e300]) {
          const instance = anInstance({ runtimeMetadata: { n } });
          await assert.rejects(storage.put(instance), lost);
          await assert.rejects(storage.insert(instance), lost);
          await assert.rejects(storage.putMany([instance]), lost);
        }
        assert.deepEqual(await storage.query(), []);
        if (storeRow === undefined) return;
        const row = { id: "order::1", workflow: "Order.V1", workflowVersion: 1, status: "pending" } as const;
        await storeRow({ ...row, state: '{"runtime_metadata":{"n":9007199254740993}}' }, storage);
        const rejected = { code: "PRECISION_LOSS", path: "state.runtime_metadata.n" };
        await assert.rejects(storage.get("order::1"), rejected);
        await assert.rejects(storage.update("order::1", (current) => ({ ...current })), rejected); // prettier-ignore
      },
      ...(storeRow !== undefined && {
        [`says that an update of a long decimal can't succeed: ${exactNumbers}`]: async (storage) => {
          const row = { id: "order::1", workflow: "Order.V1", workflowVersion: 1, status: "pending" } as const;
          await storeRow({ ...row, state: '{"runtime_metadata":{"n":1.000000000000000001}}' }, storage);
          let calls = 0;
          const change = storage.update("order::1", (current) => (calls++, { ...current, status: "failed" }));
          await assert.rejects(change, { code: "PRECISION_LOSS", id: "order::1" });
          assert.equal(calls, 1);
          const read = await storage.get("order::1");
          assert.ok(read !== null);
          await assert.rejects(storage.put({ ...read, status: "failed" }, { expected: read }), { code: "PRECISION_LOSS" });
        },
      }),
    }),
    ...(rowLocks !== undefined && {
      [`rejects forUpdate, in a transaction too: ${rowLocks}`]: async (storage) => {
        await storage.put(anInstance());
        await (transact === undefined ? rejectsForUpdate(storage) : transact(storage, rejectsForUpdate));
      },
    }),
    ...(anyKeys !== undefined && {
      [`rejects keys that it would lose: ${anyKeys}`]: async (storage) => {
        for (const text of LOST_KEYS) {
          const instance = anInstance({ runtimeMetadata: JSON.parse(text) as object as Record<string, unknown> });
          await assert.rejects(storage.put(instance), lost);
          await assert.rejects(storage.insert(instance), lost);
          await assert.rejects(storage.putMany([instance]), lost);
        }
        assert.deepEqual(await storage.query(), []);
      },
    }),
  };
}
