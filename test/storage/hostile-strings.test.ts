import fc from "fast-check";
import { createPrismaStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { databaseOn, ways } from "../storage-on.js";
import { text } from "./arbitraries.js";

// The contract stores such strings one at a time; here, they share a table, and a prefix could match another's row.
const strings = new Set([
  ...["%", "_", "100%", "100%_\\%", "\\", "\\%", "back\\slash", "$1", "'; DROP TABLE workflow_instances; --"],
  ...[
    "__proto__",
    "__prismaRawParameters__",
    "constructor",
    "toJSON",
    "$type",
    '{"$type":"Json"}',
    "null",
    "é",
    "e\u0301",
    "\ufeffmark",
    "😀".repeat(255),
  ],
  ...fc.sample(text, { numRuns: 100, seed: 1 }).filter((any) => any !== ""),
]);

describe.each(ways)("hostile strings by $way on $on", ({ way, on, prepare, options }) => {
  // PGlite decodes each column as a text file, and drops a byte order mark at its start.
  const hostile = on === "PGlite" ? [...strings].map((any) => any.replace(/^\ufeff+/, "x\ufeff")) : [...strings];
  const database = databaseOn(prepare);
  const storage = createPrismaStorage(database.client, options);
  beforeAll(async () => {
    for (const any of hostile) await storage.put(of(any));
  });

  // Prisma's verbs would lose these keys, and the storage rejects them: the contract says so.
  const isKey = (any: string): boolean => way === "SQL" || !["__proto__", "__prismaRawParameters__"].includes(any);
  const of = (any: string): ReturnType<typeof anInstance> =>
    anInstance({
      id: any,
      workflow: any,
      currentStep: any,
      activeSteps: new Set([any]),
      completedSteps: new Set([any]),
      context: { initial: isKey(any) ? { [any]: any } : { any }, steps: { a: { $type: "Json", value: any } } },
      executionHistory: [{ stepRef: any, event: any, timestamp: "2026-04-12T10:11:12Z", contextUpdates: { any } }],
      runtimeMetadata: { $type: "DateTime", value: any },
    });

  it("are ids, workflows, steps and values like any other", async () => {
    for (const any of hostile) {
      expect(await storage.get(any)).toStrictEqual(of(any));
      expect(await storage.query({ id: any })).toStrictEqual([of(any)]);
      expect(await storage.query({ workflow: any })).toStrictEqual([of(any)]);
      const family = (await storage.query({ workflowFamily: any })).map(({ id }) => id);
      expect(family.sort(), JSON.stringify(any)).toEqual(hostile.filter((other) => other.startsWith(any)).sort());
    }
  });

  it("are each a row of its own", async () => {
    const rows = await database.sql("SELECT id, workflow FROM workflow_instances");
    expect(rows.map(({ id }) => id).sort()).toEqual([...hostile].sort());
    expect(rows.every(({ id, workflow }) => id === workflow)).toBe(true);
  });
});
