import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaStorage } from "hephaestus-prisma";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { migrate } from "../../examples/transactional-outbox/migrate.js";
import { placeOrder, shipOrder } from "../../examples/transactional-outbox/place-order.js";
import { type Message, relay, type Send } from "../../examples/transactional-outbox/relay.js";
import { PrismaClient } from "../../generated/transactional-outbox/client.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { prisma as prismaCli } from "../migrate/prisma-cli.js";
import { ROOT, runExample } from "./run-example.js";

const FOLDER = "examples/transactional-outbox";

describe("the transactional outbox", () => {
  let database: PostgresDatabase;
  let prisma: PrismaClient;
  let storage: PrismaStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    const adapter = new PrismaPg({ connectionString: database.url });
    await migrate(adapter);
    prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 60_000, timeout: 60_000 } });
    storage = createPrismaStorage(prisma);
  });
  beforeEach(() => database.sql("TRUNCATE workflow_instances, outbox_messages, orders"));
  afterAll(async () => {
    await prisma.$disconnect();
    await database.close();
  });

  const place = (id: string): Promise<void> => prisma.$transaction((tx) => placeOrder(tx, storage, { id, customer: "Ada", cents: 1999 }));
  const counts = async (): Promise<unknown> => {
    const tables = ["orders", "workflow_instances", "outbox_messages"].map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
    return (await database.sql(`SELECT ${tables.join(", ")}`))[0];
  };
  const none = { orders: 0, workflow_instances: 0, outbox_messages: 0 };
  const one = { orders: 1, workflow_instances: 1, outbox_messages: 1 };
  const undelivered = (): Promise<Record<string, unknown>[]> =>
    database.sql("SELECT order_id, failures, last_failure FROM outbox_messages WHERE delivered_at IS NULL ORDER BY order_id");
  const ignore: Send = () => Promise.resolve();

  /** The receiver of a relay, which records the ids of its messages. */
  const receiver = (): { readonly ids: string[]; readonly send: Send } => {
    const ids: string[] = [];
    return { ids, send: ({ id }) => Promise.resolve(void ids.push(id)) };
  };

  const start = (role: string): ChildProcess => {
    const child = fork(fileURLToPath(new URL("outbox-process.ts", import.meta.url)), [role], {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, DATABASE_URL: database.url },
    });
    onTestFinished(() => void child.kill("SIGKILL")); // also if the test fails earlier
    return child;
  };
  /** Kills a process, and waits until the server has noticed. */
  const kill = async (child: ChildProcess): Promise<void> => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    const left = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'killed' AND datname = current_database()";
    while ((await database.sql(left)).length > 0);
  };

  it("runs as its README says", async () => {
    const output = await runExample("transactional-outbox/main.ts", { DATABASE_URL: database.url });
    expect(output).toMatch(
      /Before: 0 orders, 0 instances, 0 messages[^]*placed: 2 orders, 2 instances, 2 messages[^]*rolled back[^]*: 2 orders, 2 instances, 2 messages[^]*: already seen, ignored\n[^]*Then: 2 orders, 2 instances, 0 messages[^]*one message:\n {2}order\.shipped [^\n]*\nIn the end: 2 orders, 2 instances, 0 messages/,
    );
  });

  it("has the package's own model, and migrations that fit its schema", async () => {
    const model = "workflow-instance.prisma";
    expect(readFileSync(`${ROOT}${FOLDER}/prisma/${model}`, "utf8")).toBe(readFileSync(`${ROOT}prisma/${model}`, "utf8"));
    const diff = ["migrate", "diff", "--from-config-datasource", "--to-schema", `${FOLDER}/prisma`, "--exit-code"];
    expect(await prismaCli(database.url, diff)).toMatchObject({ code: 0 });
  });

  it("commits an order, its instance and its message together", async () => {
    await prisma.$transaction(async (tx) => {
      await placeOrder(tx, storage, { id: "1", customer: "Ada", cents: 1999 });
      expect(await counts()).toEqual(none); // not visible outside the transaction yet
    });
    expect(await counts()).toEqual(one);
  });

  it("leaves none of them if the transaction is rolled back, by its owner or by any of the three", async () => {
    const declined = new Error("the card was declined");
    const rolledBack = prisma.$transaction(async (tx) => {
      await placeOrder(tx, storage, { id: "1", customer: "Ada", cents: 1999 });
      throw declined;
    });
    await expect(rolledBack).rejects.toBe(declined);
    expect(await counts()).toEqual(none);

    await place("1");
    await expect(place("1")).rejects.toMatchObject({ code: "P2002" }); // the order
    await database.sql("TRUNCATE orders CASCADE");
    await expect(place("1")).rejects.toMatchObject({ code: "INSTANCE_EXISTS" }); // the instance
    await database.sql("TRUNCATE workflow_instances");
    await database.sql("ALTER TABLE outbox_messages ADD CONSTRAINT none CHECK (topic <> 'order.placed')");
    await expect(place("1")).rejects.toThrow("none"); // the message
    await database.sql("ALTER TABLE outbox_messages DROP CONSTRAINT none");
    expect(await counts()).toEqual(none);
  });

  it("leaves none of them if the process is killed before it commits", async () => {
    const child = start("place");
    expect(await once(child, "message")).toEqual(["placed", undefined]);
    await kill(child);
    expect(await counts()).toEqual(none);
    await place("1"); // nothing blocks it
    expect(await counts()).toEqual(one);
  });

  it("sends again, under the same id, what a relay was sending when it was killed", async () => {
    await place("1");
    await place("2");
    const child = start("relay");
    const [sent] = (await once(child, "message")) as unknown[];
    const other = receiver();
    await relay(prisma, other.send);
    expect(other.ids).toHaveLength(1); // the killed relay's message is locked, and blocks no other
    expect(other.ids).not.toContain(sent);
    await kill(child);
    expect(await undelivered()).toHaveLength(1);

    await relay(prisma, other.send);
    expect(other.ids).toHaveLength(2);
    expect(other.ids).toContain(sent);
    expect(await undelivered()).toEqual([]);
  });

  it("puts a message that can't be delivered after all others, and delivers it later", async () => {
    await place("bad");
    for (const id of ["1", "2"]) await place(id);
    const topics: unknown[] = [];
    const isBad = ({ payload }: Message): boolean => JSON.stringify(payload).includes('"bad"');
    const picky: Send = (message) => (isBad(message) ? Promise.reject(new Error("bad")) : Promise.resolve(void topics.push(message.topic)));
    expect(await relay(prisma, picky)).toBe(0);
    expect(await relay(prisma, picky)).toBe(2);
    expect(await undelivered()).toEqual([{ order_id: "bad", failures: 2, last_failure: "Error: bad" }]);
    expect(await relay(prisma, ignore)).toBe(1);
    expect(await relay(prisma, ignore)).toBe(0);
  });

  it("sends one message about the shipping, however often an order is shipped", async () => {
    await place("1");
    const ship = (): Promise<void> => prisma.$transaction((tx) => shipOrder(tx, storage, "1", "parcel-1"));
    await Promise.all(Array.from({ length: 5 }, ship));
    expect(await counts()).toEqual({ ...one, outbox_messages: 2 });
    expect((await storage.get("outbox-order::1"))?.status).toBe("completed");
  });

  it("delivers what was committed, all of it and nothing else, while relays fail and orders are rolled back", async () => {
    const ids = Array.from({ length: 60 }, (_, n) => String(n));
    const isPlaced = (id: string): boolean => Number(id) % 5 !== 0;
    const received = new Map<string, string>();
    const send: Send = async ({ id, payload }) => {
      const order = JSON.stringify(payload);
      // A message that is sent is committed: it never arrives before its order.
      expect(await database.sql("SELECT 1 FROM orders JOIN outbox_messages m ON order_id = orders.id WHERE m.id = $1", [id])).toHaveLength(
        1,
      );
      received.set(id, order);
      if (received.size % 7 === 0) throw new Error("the reply is lost");
    };
    let placing = true;
    const placed = Promise.all(
      Array.from({ length: 3 }, async (_, writer) => {
        for (const id of ids.filter((one) => Number(one) % 3 === writer))
          await prisma
            .$transaction(async (tx) => {
              await placeOrder(tx, storage, { id, customer: "Ada", cents: 1999 });
              if (!isPlaced(id)) throw new Error("rolled back");
            })
            .catch((error: unknown) => expect(error).toMatchObject({ message: "rolled back" }));
      }),
    ).finally(() => (placing = false));
    const relays = Array.from({ length: 3 }, async () => {
      while (placing) await relay(prisma, send);
    });
    await Promise.all([placed, ...relays]);
    while ((await undelivered()).length > 0) await relay(prisma, send);

    const committed = ids.filter(isPlaced).map((id) => JSON.stringify({ id, cents: 1999, customer: "Ada" }));
    expect([...received.values()].sort()).toEqual(committed.sort());
    expect(await counts()).toEqual({ orders: 48, workflow_instances: 48, outbox_messages: 48 });
  });
});
