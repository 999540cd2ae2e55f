import { createPrismaStorage } from "hephaestus-prisma";
import { beforeAll, describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { anInstance } from "../instances.js";
import { databaseOn } from "../storage-on.js";

const strings = [
  "'; DROP TABLE workflow_instances; --",
  "' OR '1'='1",
  '"quoted"',
  "$1",
  "$$body$$",
  "E'\\\\x00'",
  "back\\slash",
  "\\",
  "%",
  "_",
  "100%_\\%",
  "\u202eRTL override",
  "مرحبا",
  "\u200f\u200e",
  "👩‍👩‍👧‍👦",
  "é",
  "e\u0301",
  "\u0001\u001f\u007f",
  "\ufeffBOM",
  " leading and trailing ",
  "tab\tnew\nline\r",
  "\u2028\u2029",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  '{"$type":"Json"}',
  "$type",
  "toJSON",
  "😀".repeat(255),
  "<script>alert(1)</script>",
  "\uffff\ufffd",
];

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
