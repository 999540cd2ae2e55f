import pg from "pg";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { type Entry, LISTED } from "../workload.js";

const PUT = `
  INSERT INTO workflow_instances (id, workflow, workflow_version, status, state, inserted_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6)
  ON CONFLICT (id) DO UPDATE SET workflow = $2, status = $4, state = $5, updated_at = $6`;
const GET = "SELECT id, workflow, workflow_version, status, state FROM workflow_instances WHERE id = $1";
const LIST = "SELECT id, workflow, workflow_version, status, state FROM workflow_instances WHERE status = $1 ORDER BY id";

/** What sends a statement: a pool, or one of a few clients. */
interface Sender {
  next(): pg.Pool | pg.Client;
  close(): Promise<unknown>;
}

function createRaw(name: string, title: string, connect: (url: string, max: number) => Promise<Sender>): Candidate {
  return {
    name,
    title,
    async connect({ url, pool }) {
      await createTable(url);
      const sender = await connect(url, pool);
      const query = (statement: string, text: string, values: unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> =>
        sender.next().query<Record<string, unknown>>({ name: statement, text, values });
      const put = ({ id, workflow, workflowVersion, status, state }: Entry): Promise<unknown> =>
        query("put", PUT, [id, workflow, workflowVersion, status, JSON.stringify(state), new Date()]);
      return {
        put,
        get: async (id) => (await query("get", GET, [id])).rows[0],
        list: async () => (await query("list", LIST, [LISTED])).rows,
        // One by one: what other candidates gain by one call is measured against this.
        async putMany(entries) {
          for (const entry of entries) await put(entry);
        },
        close: () => sender.close(),
      };
    },
  };
}

async function poolOf(url: string, max: number): Promise<Sender> {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on("error", () => {}); // the server can stop before the last connection is closed
  return { next: () => pool, close: () => pool.end() };
}

const PIPELINES = 3;

/** Clients that send a statement before the reply to the one before has come. */
async function pipelinesOf(url: string): Promise<Sender> {
  const clients = Array.from({ length: PIPELINES }, () => new pg.Client({ connectionString: url, pipeline: true }));
  for (const client of clients) {
    client.on("error", () => {});
    await client.connect();
  }
  const takeTurns = function* (): Generator<pg.Client, never> {
    for (;;) yield* clients;
  };
  const turns = takeTurns();
  return {
    next: () => turns.next().value,
    close: () => Promise.all(clients.map((client) => client.end())),
  };
}

/** The reference of all ratios. */
export const raw = createRaw("raw", "raw `pg`, named statements (1.00)", poolOf);
/** The same once more: its distance from 1.00 shows how noisy the run was. */
export const rawAgain = createRaw("raw-again", "the same again (A/A control)", poolOf);
export const rawPipelined = createRaw("raw-pipelined", "raw `pg`, named statements, pipelined on 3 clients", pipelinesOf);
