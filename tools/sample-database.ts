import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { PrismaClient } from "../generated/prisma/client.js";
import { startPostgres } from "./postgres-server.js";
import { writeSamples } from "./sample-instances.js";

/** A temporary PostgreSQL server with the sample instances. */
export interface SampleDatabase {
  readonly url: string;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a fresh server, migrates it, and stores the sample instances. */
export async function startSampleDatabase(): Promise<SampleDatabase> {
  const server = await startPostgres();
  try {
    const adapter = new PrismaPg({ connectionString: server.url() });
    await deployMigrations(adapter);
    const client = new PrismaClient({ adapter });
    await writeSamples(client);
    await client.$disconnect();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url(), stop: () => server.stop() };
}
