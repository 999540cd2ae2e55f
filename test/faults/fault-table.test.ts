import { readFileSync } from "node:fs";
import { createPrismaStorage, type InstanceStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { storageOn } from "../storage-on.js";

interface Row {
  readonly codes: readonly string[];
  readonly text: string | undefined;
  readonly statement: string;
}

/** The rows of the table of faults in docs/concurrency.md. */
function documentedFaults(): Row[] {
  const [, table = ""] = /^\| code +\| with [^]*?\n\|[ -|]+\n((?:\|.*\n)+)/m.exec(readFileSync("docs/concurrency.md", "utf8")) ?? [];
  const quoted = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [codes, text, , statement = ""] = line.split("|").slice(1, -1);
      return { codes: quoted(codes), text: quoted(text)[0], statement: statement.trim() };
    });
}

/** The errors that a row is about, as Prisma's verbs, raw SQL, the driver adapter and pg throw them. */
function errorsOf({ codes, text }: Row): Error[] {
  if (text?.startsWith("syscall: ") === true) {
    const syscall = text.slice("syscall: ".length);
    return codes.map((code) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall, errno: -1 }));
  }
  const message = text ?? "something happened";
  if (codes.length === 0) return [new Error(message)];
  return codes.flatMap((code) => {
    if (code.startsWith("P") && code.length === 5) return [Object.assign(new Error(`Transaction API error: ${message}`), { code })];
    if (!/^[0-9A-Z]{5}$/.test(code)) return [new Error(code, { cause: { kind: code } })];
    const driverAdapterError = new Error(message, { cause: { kind: "postgres", originalCode: code, originalMessage: message, code } });
    return [
      Object.assign(new Error("Raw query failed"), { code: "P2010", meta: { driverAdapterError } }),
      Object.assign(new Error("Database error"), { code: "P2039", meta: { driverAdapterError } }),
      Object.assign(new Error("Raw query failed"), { code: "P2010", meta: { code, message } }),
      driverAdapterError,
      Object.assign(new Error(message), { code, severity: "ERROR" }),
    ];
  });
}

describe("the table of faults in docs/concurrency.md", () => {
  const { database } = storageOn(preparePostgresDatabase);
  const faults = documentedFaults();

  /** A storage whose first statement fails, and how many statements were sent. */
  function failingOnce(error: Error, options?: PrismaStorageOptions): { storage: InstanceStorage; sent: () => number } {
    let statements = 0;
    const client = database.client.$extends({
      query: {
        $allOperations({ args, query }) {
          if (statements++ === 0) throw error;
          return query(args);
        },
      },
    });
    return { storage: createPrismaStorage(client, { ...options, retry: { minDelayMs: 1, ...options?.retry } }), sent: () => statements };
  }

  it("names every code of the source, and no other", () => {
    const source = readFileSync("src/postgres/transient-error.ts", "utf8");
    const known = [...source.matchAll(/"([0-9A-Z]{5}|E[A-Z]+(?:_[A-Z]+)?|ConnectionClosed|SocketTimeout)"/g)].map(([, code]) => code);
    expect(new Set(faults.flatMap(({ codes }) => codes))).toEqual(new Set(known));
    expect(faults.filter(({ statement }) => !["unexecuted", "unknown"].includes(statement))).toEqual([]);
  });

  it.each(faults.map((fault) => [fault.codes.join(", "), fault.text ?? "", fault.statement, fault] as const))(
    "is right about %s %s: %s",
    async (_code, _text, statement, fault) => {
      for (const error of errorsOf(fault)) {
        const unknown = statement === "unknown" ? { code: "OUTCOME_UNKNOWN", cause: error } : undefined;
        for (const call of [
          (storage: InstanceStorage) => storage.get("a"),
          (storage: InstanceStorage) => storage.put(anInstance({ id: "a" })),
          (storage: InstanceStorage) => storage.delete("a"),
        ]) {
          const { storage, sent } = failingOnce(error);
          await call(storage);
          expect(sent()).toBe(2);
        }
        for (const [call, options] of [
          [(storage: InstanceStorage) => storage.insert(anInstance({ id: "b" })), {}],
          [(storage: InstanceStorage) => storage.put(anInstance({ id: "b" })), { retry: { afterUnknown: false } }],
          [(storage: InstanceStorage) => storage.delete("b"), { retry: { afterUnknown: false } }],
        ] as const) {
          const { storage, sent } = failingOnce(error, options);
          if (unknown === undefined) await call(storage);
          else await expect(call(storage)).rejects.toMatchObject(unknown);
          expect(sent()).toBe(unknown === undefined ? 2 : 1);
        }
      }
    },
  );

  it.each([
    ["a syntax error", { code: "42601", severity: "ERROR" }, "syntax error"],
    ["a protocol violation that isn't PgBouncer's", { code: "08P01", severity: "ERROR" }, "bind message supplies 1 parameters"],
    ["a file that isn't there", { code: "ENOENT", syscall: "open" }, "no such file"],
    ["a feature that is missing", { code: "0A000", severity: "ERROR" }, "could not run distributed query with FOR UPDATE"],
  ])("leaves out %s, which arrives at once, as it came", async (_, properties, message) => {
    const error = Object.assign(new Error(message), properties);
    const { storage, sent } = failingOnce(error);
    await expect(storage.get("a")).rejects.toBe(error);
    expect(sent()).toBe(1);
  });

  it("takes a refused connection for unexecuted only if the driver adapter names the host, or all addresses refused it", async () => {
    const refused = (address?: string): Error =>
      Object.assign(new Error("Can't reach database server"), {
        code: "P1001",
        meta: { driverAdapterError: new Error("x", { cause: { kind: "DatabaseNotReachable", host: address } }) },
      });
    const connecting = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" });
    const aggregate = Object.assign(new AggregateError([connecting, connecting], ""), { code: "ECONNREFUSED" });
    for (const error of [refused("127.0.0.1"), aggregate]) await failingOnce(error).storage.insert(anInstance({ id: "a" + error.message }));
    await expect(failingOnce(refused()).storage.insert(anInstance())).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });
});
