import { createPrismaStorage } from "hephaestus-prisma";
import { beforeAll, describe, expect, it } from "vitest";
import { hostileTexts } from "../../dist/testing/cases/hostile-texts.js";
import { databases } from "../database.js";
import { anInstance } from "../instances.js";
import { databaseOn } from "../storage-on.js";

// What the contract has, and what it leaves out for the sake of PGlite and of other alphabets' databases.
const strings = [...hostileTexts, "é", "\ufeffmark", "😀".repeat(255)];

describe.each(databases)("hostile strings on $on", ({ on, prepare }) => {
  // PGlite decodes a column as a text file of its own, and takes a byte order mark at its start away.
  const hostile = on === "PGlite" ? strings.map((text) => text.replace(/^\ufeff/, "x\ufeff")) : strings;
  const database = databaseOn(prepare);
  const storage = createPrismaStorage(database.client);
  beforeAll(async () => {
    for (const text of hostile) await storage.put(of(text));
  });

  const of = (text: string): ReturnType<typeof anInstance> =>
    anInstance({
      id: text,
      workflow: text,
      currentStep: text,
      activeSteps: new Set([text]),
      completedSteps: new Set([text]),
      context: { initial: text === "__proto__" ? { text } : { [text]: text }, steps: { a: { $type: "Json", value: text } } },
      executionHistory: [{ stepRef: text, event: text, timestamp: "2026-04-12T10:11:12Z", contextUpdates: { text } }],
      runtimeMetadata: { $type: "DateTime", value: text },
    });

  it.each(hostile)("%j is an id, a workflow, a step and a value like any other", async (text) => {
    expect(await storage.get(text)).toStrictEqual(of(text));
    expect(await storage.query({ id: text })).toStrictEqual([of(text)]);
    expect(await storage.query({ workflow: text })).toStrictEqual([of(text)]);
    const family = (await storage.query({ workflowFamily: text })).map(({ id }) => id);
    expect(family.sort()).toEqual(hostile.filter((other) => other.startsWith(text)).sort());
  });

  it("all of them are rows of their own", async () => {
    const rows = await database.sql("SELECT id, workflow FROM workflow_instances");
    expect(rows.map(({ id }) => id).sort()).toEqual([...hostile].sort());
    expect(rows.every(({ id, workflow }) => id === workflow)).toBe(true);
  });
});
