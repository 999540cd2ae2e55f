import type pg from "pg";

/** Runs a function on a client of a pool, in a transaction, which is rolled back if the function fails. */
export async function inPgTransaction<Result>(pool: pg.Pool, run: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await run(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((reason: unknown) => (failure = reason as Error)); // the connection is lost
    throw error;
  } finally {
    client.release(failure);
  }
}
