import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Competitor } from "./competitor.js";
import { findNode } from "./dependencies.js";
import type { Sample, SizeName, Slot } from "./slot.js";
import type { Answer, Order, Skills } from "./worker.js";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/** A competitor in a process and a database of its own. */
export class Runner {
  readonly competitor: Competitor;
  readonly #child: ChildProcess;
  readonly #admin: pg.Client;
  readonly #seeded = new Set<SizeName>();
  #skills: Skills | null = null;

  private constructor(competitor: Competitor, child: ChildProcess, admin: pg.Client) {
    this.competitor = competitor;
    this.#child = child;
    this.#admin = admin;
  }

  /** Starts a competitor; `null` where it isn't there to be measured. */
  static async start(competitor: Competitor, url: string, pool: number): Promise<Runner | null> {
    const execPath = findNode(competitor);
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query("CREATE EXTENSION pg_stat_statements");
    const child = fork(WORKER, { execPath });
    const runner = new Runner(competitor, child, admin);
    try {
      runner.#skills = (await runner.#ask({ order: "setup", name: competitor.name, url, pool })) as Skills | null;
    } finally {
      if (runner.#skills === null) await runner.close();
    }
    return runner.#skills === null ? null : runner;
  }

  get putsMany(): boolean {
    return this.#skills?.putsMany ?? false;
  }

  /** Stores every id of a size, once. */
  async seed(size: SizeName): Promise<void> {
    if (this.#seeded.has(size)) return;
    this.#seeded.add(size);
    await this.#ask({ order: "seed", size });
  }

  /** Sweeps away the garbage of earlier writes. */
  async vacuum(): Promise<void> {
    await this.#admin.query("VACUUM ANALYZE");
  }

  /** Takes its turn. */
  async run(slot: Slot): Promise<Sample> {
    return (await this.#ask({ order: "run", slot })) as Sample;
  }

  /** How many statements the server runs for one operation. */
  async statements(slot: Slot): Promise<number> {
    await this.#admin.query("SELECT pg_stat_statements_reset()");
    const { operations } = (await this.#ask({ order: "run", slot })) as Sample;
    const { rows } = await this.#admin.query<{ calls: number }>(
      `SELECT coalesce(sum(calls), 0)::float8 AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%pg_stat_statements%'`,
    );
    return (rows[0]?.calls ?? 0) / operations;
  }

  async close(): Promise<void> {
    await this.#admin.end();
    if (!this.#child.connected) return;
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.send({ order: "close" } satisfies Order);
    await exited;
  }

  #ask(order: Order): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`${this.competitor.name} ended with ${code}`));
      this.#child.once("exit", ended);
      this.#child.once("message", (answer: Answer) => {
        this.#child.removeListener("exit", ended);
        if ("error" in answer) reject(new Error(`${this.competitor.name}: ${answer.error}`));
        else resolve(answer.value);
      });
      this.#child.send(order);
    });
  }
}
