import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Candidate } from "./candidate.js";
import type { Case } from "./case.js";
import { findNode } from "./dependencies.js";
import type { Measurement } from "./results.js";
import type { Request, Response } from "./worker-process.js";
import type { SizeName } from "./workload.js";

const PROGRAM = fileURLToPath(new URL("worker-process.ts", import.meta.url));

/** A candidate in a process and a database of its own, as seen from the main process. */
export class Worker {
  readonly candidate: Candidate;
  readonly #child: ChildProcess;
  readonly #admin: pg.Client;
  readonly #seeded = new Set<SizeName>();
  #operations: readonly string[] = [];

  private constructor(candidate: Candidate, child: ChildProcess, admin: pg.Client) {
    this.candidate = candidate;
    this.#child = child;
    this.#admin = admin;
  }

  static async start(candidate: Candidate, url: string, pool: number): Promise<Worker> {
    const execPath = findNode(candidate);
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query("CREATE EXTENSION pg_stat_statements");
    const worker = new Worker(candidate, fork(PROGRAM, { execPath }), admin);
    try {
      worker.#operations = (await worker.#request({ request: "connect", candidate: candidate.name, url, pool })) as readonly string[];
    } catch (error) {
      await worker.close();
      throw error;
    }
    return worker;
  }

  supports(operation: Case["operation"]): boolean {
    return this.#operations.includes(operation);
  }

  /** Stores every id of a size once. */
  async seed(size: SizeName): Promise<void> {
    if (this.#seeded.has(size)) return;
    this.#seeded.add(size);
    await this.#request({ request: "seed", size });
  }

  /** Removes the dead rows of earlier writes. */
  async vacuum(): Promise<void> {
    await this.#admin.query("VACUUM ANALYZE");
  }

  /** Runs the operation of a case for some time. */
  async run(one: Case, milliseconds: number): Promise<Measurement> {
    return (await this.#request({ request: "run", case: one, milliseconds })) as Measurement;
  }

  /** How many statements the server runs for one operation. */
  async statementsOf(one: Case): Promise<number> {
    await this.#admin.query("SELECT pg_stat_statements_reset()");
    const { operations } = await this.run(one, 1);
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
    this.#child.send({ request: "close" } satisfies Request);
    await exited;
  }

  #request(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const exited = (code: number | null): void => {
        reject(new Error(`the worker of ${this.candidate.name} exited with code ${code} before it responded to "${request.request}"`));
      };
      this.#child.once("exit", exited);
      this.#child.once("message", (response: Response) => {
        this.#child.removeListener("exit", exited);
        if ("error" in response) reject(new Error(`${this.candidate.name}: ${response.error}`));
        else resolve(response.value);
      });
      this.#child.send(request);
    });
  }
}
