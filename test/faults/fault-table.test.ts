import { Duplex } from "node:stream";
import { readFileSync } from "node:fs";
import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type ServerError, startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { straight, ways } from "../../tools/ways.js";

interface Row {
  readonly codes: readonly string[];
  readonly text: string | undefined;
  readonly fault: string;
}

/** The rows of the table of faults in docs/concurrency.md. */
function documentedFaults(): Row[] {
  const [, table = ""] = /^\| code +\| with [^]*?\n\|[ -|]+\n((?:\|.*\n)+)/m.exec(readFileSync("docs/concurrency.md", "utf8")) ?? [];
  const quoted = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [codes, text, , fault = ""] = line.split("|").slice(1, -1);
      return { codes: quoted(codes), text: quoted(text)[0], fault: fault.trim() };
    });
}

const faults = documentedFaults();
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && !/^[PE]/.test(code);

/** The errors of a server that rows of the table are about. */
const ofServer = faults.flatMap(({ codes, text, fault }) =>
  codes.filter(isSqlState).map((code): [string, ServerError, string] => {
    const severity = code === "08P01" ? "FATAL" : "ERROR";
    const routine = code === "0A000" ? "RevalidateCachedQuery" : "test";
    return [`${code} ${text ?? ""}`, { severity, code, message: text ?? "something happened", routine }, fault];
  }),
);

/** The errors of a socket that rows of the table are about. */
const ofSocket = faults.flatMap(({ codes, text = "", fault }) =>
  text.startsWith("syscall: ") ? codes.map((code): [string, string, string] => [text.slice("syscall: ".length), code, fault]) : [],
);

describe("the table of faults in docs/concurrency.md", () => {
  it("names every code of the source, and no other", () => {
    const source = readFileSync("src/sql/faults.ts", "utf8");
    const [, known = ""] = /^(const UNEXECUTED[^]*?)\/\*\* An error that is known/m.exec(source) ?? [];
    const inTexts = [...source.matchAll(/code: "(\w+)"/g), ...source.matchAll(/has\(\["(\w+)"\]\)/g)];
    const codes = [
      ...known.matchAll(/"([0-9A-Z]{5}|E[A-Z]+(?:_[A-Z]+)?|CONNECT[A-Z]*_[A-Z]+|ERR_[A-Z_]+|ConnectionClosed|SocketTimeout)"/g),
      ...inTexts,
    ];
    expect(new Set(faults.flatMap((fault) => fault.codes))).toEqual(new Set(codes.map(([, code]) => code)));
    expect(faults.filter(({ fault }) => !["unexecuted", "unknown"].includes(fault))).toEqual([]);
  });
});

const calls: readonly [string, string, (storage: InstanceStorage) => Promise<unknown>][] = [
  ["get", "SELECT", (storage) => storage.get("a")],
  ["put", "INSERT", (storage) => storage.put(anInstance({ id: "a" }))],
  ["insert", "INSERT", (storage) => storage.insert(anInstance({ id: "new" }))],
  ["delete", "DELETE", (storage) => storage.delete("a")],
];

describe.each(ways)("faults of the server, through $way", ({ connect }) => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(async () => {
    await proxy.close();
    await database.close();
  });
  const url = (): string => Object.assign(new URL(database.url), { port: String(proxy.port) }).href;

  it.each(ofServer)("%s", async (_, error, fault) => {
    const connected = connect({ connectionString: url() });
    for (const [name, statement, call] of calls) {
      const retries: number[] = [];
      const storage = connected.storage({ retry: { minDelayMs: 1 }, onOperation: (operation) => retries.push(operation.retries) });
      proxy.failStatement(statement, error);
      if (fault === "unknown" && name !== "get") {
        const { code } = error;
        await expect(call(storage)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
        expect([name, code, retries]).toEqual([name, code, [0]]);
      } else {
        await call(storage);
        expect([name, retries]).toEqual([name, [1]]);
      }
    }
    await connected.close();
  });

  const others: readonly [string, ServerError][] = [
    ["a syntax error", { severity: "ERROR", code: "42601", message: "syntax error" }],
    ["a protocol violation that isn't PgBouncer's", { severity: "ERROR", code: "08P01", message: "bind message supplies 1 parameters" }],
    ["a statement that was cancelled", { severity: "ERROR", code: "57014", message: "canceling statement due to statement timeout" }],
    ["a right that is missing", { severity: "ERROR", code: "42501", message: "permission denied" }],
  ];
  it.each(others)("leaves out %s, which arrives at once, as it came", async (_, error) => {
    const connected = connect({ connectionString: url() });
    const retries: number[] = [];
    const storage = connected.storage({ onOperation: (operation) => retries.push(operation.retries) });
    proxy.failStatement("INSERT", error);
    await expect(storage.put(anInstance())).rejects.toThrow(error.message);
    expect(retries).toEqual([0]);
    await connected.close();
  });

  it.each([
    ["without a code that we know", { severity: "FATAL", code: "08P01", message: "database removed" }, "OUTCOME_UNKNOWN"],
    [
      "in any language",
      { severity: "ERROR", code: "0A000", message: "gecachter Plan darf den Ergebnistyp nicht ändern", routine: "RevalidateCachedQuery" },
      undefined,
    ],
  ] as const)("knows faults %s", async (_, error, code) => {
    const connected = connect({ connectionString: url() });
    proxy.failStatement("INSERT", error);
    const put = connected.storage({ retry: { minDelayMs: 1 } }).put(anInstance());
    if (code === undefined) await put;
    else await expect(put).rejects.toMatchObject({ code });
    await connected.close();
  });
});

/** A socket that is not connected, or that is lost as soon as something is sent through it. */
class FailingSocket extends Duplex {
  readonly #error: Error;
  readonly #isConnecting: boolean;

  constructor(syscall: string, code: string) {
    super();
    this.#error = Object.assign(new Error(`${syscall} ${code} db`), {
      code,
      syscall,
      errno: -1,
      address: "127.0.0.1",
      hostname: "db",
      port: 5432,
    });
    this.#isConnecting = syscall !== "read";
  }
  connect(): this {
    if (this.#isConnecting) this.destroy(this.#error);
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  override _read(): void {}
  override _write(_: unknown, __: unknown, done: () => void): void {
    done();
  }
}

// The driver adapter drops the system call of these, so that what happened can't be known.
const DROPPED = ["ECONNRESET", "ETIMEDOUT"];

describe.each(ways)("faults of the socket, through $way", ({ way, connect }) => {
  it.each(ofSocket.filter(([syscall]) => syscall !== "read"))("%s %s", async (syscall, code, fault) => {
    let attempts = 0;
    const stream = (): Duplex => {
      attempts++;
      return new FailingSocket(syscall, code);
    };
    const connected = connect({ host: "db", user: "postgres", database: "none", stream });
    const isDropped = way !== straight.way && DROPPED.includes(code);
    for (const [name, , call] of calls) {
      attempts = 0;
      const storage = connected.storage({ retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
      const error: unknown = await call(storage).catch((thrown: unknown) => thrown);
      const isUnknown = isDropped && name !== "get";
      expect([name, fault, attempts]).toEqual([name, "unexecuted", isUnknown ? 1 : 3]);
      if (isUnknown) expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN" });
      else expect(error).not.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    }
    await connected.close();
  });
});

describe("a socket that is lost while a statement is on its way", () => {
  it.each(ofSocket.filter(([syscall]) => syscall === "read"))("%s %s", async (syscall, code, fault) => {
    const database = await createPostgresDatabase();
    const connected = straight.connect({ connectionString: database.url, max: 1 });
    const storage = connected.storage();
    await storage.put(anInstance({ id: "a" }));
    const [client] = Reflect.get(connected.pool, "_clients") as [{ connection: { stream: Duplex } }];
    const call = storage.insert(anInstance({ id: "new" }));
    setImmediate(() => client.connection.stream.destroy(Object.assign(new Error(`${syscall} ${code}`), { code, syscall, errno: -1 })));
    expect(fault).toBe("unknown");
    await expect(call).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", cause: { code } });
    await connected.close();
    await database.close();
  });
});
